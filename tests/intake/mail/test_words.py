"""Mail in somebody's own words: what is filled in for the person who looks at it, and the template."""

from __future__ import annotations

import pytest

from fairnotice.cases.drafts import MAX_WHY, ItemDraft, check_notice
from fairnotice.intake.mail.places import place_of_line, places
from fairnotice.intake.mail.reader import read_letter
from tests.intake.mail.making import HEAD, TEMPLATE, letter, parts


def where(raw: bytes) -> list[str]:
    reading = read_letter(raw)
    assert reading.draft
    return [item.location for item in reading.draft.items]


def test_a_mail_in_words_is_filled_in_for_a_person() -> None:
    raw = letter("This shop is false: https://shop.example.net/offer.\nPlease look.")
    reading = read_letter(raw)
    assert (reading.outcome, reading.format, reading.reason) == ("draft", "mail", "needs-a-person")
    draft = reading.draft
    assert draft and not reading.machine
    assert draft.items == [ItemDraft("https://shop.example.net/offer")]
    assert draft.why.startswith("A false shop\n\nThis shop is false:") and draft.why.endswith("Please look.")
    assert (draft.name, draft.email) == ("A Writer", "writer@example.org")
    assert {fault.path for fault in check_notice(draft)} == {"problem", "good_faith"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hxxps://evil[.]example[.]org/a/b. and", ["https://evil.example.org/a/b"]),
        ("hXXp[:]//a(.)b.example[/]c, hxxp[s]://d.example", ["http://a.b.example/c", "https://d.example"]),
        ("at example [dot] com/login now", ["example.com/login"]),
        ("at www.foo.example, e.g. and/or n/a 1.2/3 foo.txt", ["www.foo.example"]),
        ("198.51.100[.]7", ["198.51.100.7"]),
        ("(http://x.example/foo(bar)) [t](http://y.example/z)", ["http://x.example/foo(bar)", "http://y.example/z"]),
        ("<URL: http://x.example/a\n  b>", ["http://x.example/ab"]),
        ("http://web.example/2020/http://x.example/", ["http://web.example/2020/http://x.example/"]),
        ("http://x.example,http://y.example", ["http://x.example", "http://y.example"]),
        ("http://x.example/#a http://X.example/", ["http://x.example/#a"]),
        ("write to me[@]example[.]org or me@www.example.org", []),
        ("https:// and x:// and ://x", []),
        ("it\n-- \nhttps://me.example", ["https://me.example"]),
        ("http://x.example\n-- \nhttps://me.example", ["http://x.example"]),
    ],
)  # fmt: skip
def test_places_are_found_also_where_they_were_made_harmless(text: str, found: list[str]) -> None:
    assert places(text, 50) == found


def test_a_line_that_is_more_than_an_address_stays_as_it_is() -> None:
    assert place_of_line(" hxxp://a[.]example/x ") == "http://a.example/x"
    assert place_of_line("Post 12 at http://a.example/x") == "Post 12 at http://a.example/x"


def test_a_page_gives_its_words_and_the_address_behind_a_link() -> None:
    page = "<style>no</style><p>See <a href='http://x.example/a?b=1&amp;c'>this</a></p><script>no()</script>"
    raw = letter(page, "Content-Type: text/html")
    assert where(raw) == ["http://x.example/a?b=1&c"]
    draft = read_letter(raw).draft
    assert draft and "no" not in draft.why.split() and "no()" not in draft.why


def test_a_page_is_read_where_the_text_beside_it_says_nothing() -> None:
    page = "Content-Type: text/html\n\n<p>It is at <a href='http://x.example/1'>this place</a>"
    stub = "Content-Type: text/plain\n\nPlease open this in another program"
    reading = read_letter(parts("alternative", stub, page))
    assert reading.draft and "It is at this place <http://x.example/1>" in reading.draft.why
    full = "Content-Type: text/plain\n\nIt is at http://x.example/2"
    assert where(parts("alternative", full, page)) == ["http://x.example/2"]
    picture = "Content-Type: image/png\n\nx"
    assert where(parts("mixed", full, picture, full.replace("/2", "/3"))) == [
        "http://x.example/2",
        "http://x.example/3",
    ]


def test_attachments_are_named_and_stay_closed() -> None:
    raw = parts(
        "mixed",
        "Content-Type: text/plain\n\nLook: http://x.example/1",
        "Content-Type: image/jpeg; name=shot.jpg\nContent-Transfer-Encoding: base64\n\n" + "AAAA" * 1000,
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=list.txt\n\nhttp://secret.example/",
        "Content-Type: message/rfc822\n\nSubject: inner\n\nhttp://inner.example/",
        "Content-Type: application/zip; name=a.zip\n\nhttp://zip.example/",
    )
    assert where(raw) == ["http://x.example/1"]
    draft = read_letter(raw).draft
    assert draft
    assert "shot.jpg (image/jpeg, 3 kB), list.txt (text/plain, 1 kB), no name (message/rfc822)" in draft.why
    assert "a.zip (application/zip, 1 kB)." in draft.why
    assert not [word for word in ("secret", "inner", "zip.example") if word in draft.why]


def test_nothing_of_the_way_that_the_mail_took_is_kept() -> None:
    """Headers name the addresses of machines and people; only who wrote it and the subject are read."""
    raw = b"Received: from home.example ([203.0.113.9])\nX-Originating-IP: 203.0.113.9\n" + letter("Broken")
    said = str(read_letter(raw).to_json())
    assert "203.0.113.9" not in said and "home.example" not in said


def test_the_template_is_a_whole_notice() -> None:
    reading = read_letter(letter(TEMPLATE))
    assert (reading.outcome, reading.reason, reading.machine) == ("notice", "", False)
    draft = reading.draft
    assert draft and check_notice(draft) == []
    assert [item.location for item in draft.items] == [
        "https://shop.example.net/offer",
        "https://shop.example.net/cart",
    ]
    assert (draft.problem, draft.why) == ("scam", "The shop takes money\nand sends nothing.")
    assert (draft.ground_kind, draft.law, draft.good_faith) == ("law", "Criminal code, fraud", True)
    assert (draft.name, draft.email) == ("A Writer", "writer@example.org")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("I believe this is accurate: yes", ""), "not-confirmed"),
        (("accurate: yes", "accurate: no"), "not-confirmed"),
        (("Problem: scam", "Problem: it is bad"), "invalid"),
        (("https://shop.example.net/offer", "http://[/"), "invalid"),
        (("and sends nothing.", "x" * MAX_WHY), ""),
        (("Problem: scam", "*PROBLEM* : Scam or fraud."), ""),
        (("Why: The shop takes money", "The shop takes money"), ""),
        (("Where: https", "Where: Post 7 of the forum\n https"), ""),
    ],
)
def test_what_the_template_may_lack(change: tuple[str, str], reason: str) -> None:
    reading = read_letter(letter(TEMPLATE.replace(*change)))
    assert reading.reason == reason and reading.outcome == ("draft" if reason else "notice")
    assert reading.draft and reading.draft.items


def test_who_wrote_it_can_be_left_out_and_is_never_kept_where_nobody_asks() -> None:
    left_out = TEMPLATE.replace("Law:", "Name:\nE-mail:\nLaw:")
    draft = read_letter(letter(left_out)).draft
    assert draft and (draft.name, draft.email) == ("", "")
    other = TEMPLATE.replace("Law:", "Name: Somebody Else\nEmail: else@example.org\nLaw:")
    draft = read_letter(letter(other)).draft
    assert draft and (draft.name, draft.email) == ("Somebody Else", "else@example.org")
    reading = read_letter(letter(TEMPLATE.replace("scam", "child-abuse")))
    assert reading.outcome == "notice" and reading.draft
    assert (reading.draft.name, reading.draft.email) == ("", "")


def test_charsets_and_words_in_headers() -> None:
    head = HEAD.replace("A Writer", "=?utf-8?q?Zo=C3=AB?=").replace(
        "A false shop", "=?iso-8859-1?q?L=E4den?="
    )
    raw = (
        letter("", "Content-Type: text/plain; charset=iso-8859-15", head=head)
        + b"100 \xa4 \x00 http://x.example"
    )
    draft = read_letter(raw).draft
    assert draft and draft.name == "Zoë" and draft.why == "Läden\n\n100 €  http://x.example"
    raw = letter("", "Content-Type: text/plain; charset=punycode") + b"plain"
    draft = read_letter(raw).draft
    assert draft and draft.why.endswith("plain")
