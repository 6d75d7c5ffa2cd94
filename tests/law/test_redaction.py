"""What must not reach the public register is found, and what is harmless is let through."""

import pytest

from fairnotice.law.redaction import defang, findings


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.excerpt) for finding in findings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://example.org/a?b=c.", [("url", "https://example.org/a?b=c")]),
        ("See hxxps[://]example[.]org/a", [("url", "hxxps[://]example[.]org/a")]),
        ("(www.example.org)", [("url", "www.example.org")]),
        ("at example.org, today", [("host", "example.org")]),
        ("at example[.]net", [("host", "example[.]net")]),
        ("at example (dot) net", [("host", "example (dot) net")]),
        ("at Bücher.example", [("host", "Bücher.example")]),
        ("at xn--bcher-kva.example", [("host", "xn--bcher-kva.example")]),
        ("write to a.b@example.org!", [("email", "a.b@example.org")]),
        ("a (at) example (dot) org", [("email", "a (at) example (dot) org")]),
        ("by @some_one", [("handle", "@some_one")]),
        ("by u/someone", [("handle", "u/someone")]),
        ("at @someone@example.org", [("email", "someone@example.org")]),
        ("from 192.0.2.7.", [("ip", "192.0.2.7")]),
        ("from 192[.]0[.]2[.]7", [("ip", "192[.]0[.]2[.]7")]),
        ("from [2001:db8::7]", [("ip", "2001:db8::7")]),
        ("call +49 (0)30 / 1234567 now", [("phone", "+49 (0)30 / 1234567")]),
        ("account DE00123456780000000000", [("phone", "00123456780000000000")]),
    ],
)
def test_addresses_and_numbers_are_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("“", "”"), ("„", "“"), ("«", "»"), ("»", "«"), ('"', '"'), ("'", "'"), ("‘", "’"), ("「", "」")],
)
def test_long_quotations_are_found_and_short_ones_are_not(opening, closing):
    words = "a text that can be found again by searching for it"
    assert found(f"It says {opening}{words}{closing} there") == [("quotation", f"{opening}{words}{closing}")]
    assert (
        found(f"A {opening}fake shop{closing} that sold {opening}nothing{closing} to many people at all")
        == []
    )


def test_a_quoted_line_of_a_mail_is_a_quotation():
    assert [
        kind for kind, _ in found("It says:\n> you are a thief and everybody shall know about it\nEnd")
    ] == ["quotation"]


def test_an_address_inside_a_quotation_is_said_as_well():
    kinds = [kind for kind, _ in found("“write to somebody@example.org and he will send you the goods”")]
    assert kinds == ["quotation", "email"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The page offered goods that were never sent.",
        "Regulation (EU) 2022/2065, Art. 17(3)(b), in force since 17.02.2024.",
        "Decided on 2026-03-10 at 12:30:45, see § 185 StGB and 17 U.S.C. § 512(c).",
        "ECLI:EU:C:2014:317, i.e. the judgment; e.g. paragraph 81.",
        "It's the seller's own page, and it isn't the buyers' fault.",
        "Case FN-2026-000123 rests on case-2026-000122-1.",
    ],
)
def test_ordinary_reasons_are_let_through(text):
    assert found(text) == []


def test_a_finding_points_at_its_place():
    text = "Both example.org and @someone"
    for finding in findings(text):
        assert text[finding.start : finding.end] == finding.excerpt


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/a.html?x=1.2#y", "hxxps://www[.]example[.]org/a.html?x=1.2#y"),
        ("HTTP://Example.org", "hxxp://Example[.]org"),
        ("example.org/x.y", "example[.]org/x.y"),
        ("example.org:8080/a", "example[.]org:8080/a"),
        ("https://user@example.org\\@example.net/", "hxxps://user@example[.]org\\@example.net/"),
        ("ftp://example.org/a", "ftp[:]//example[.]org/a"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("someone@example.org", "someone@example[.]org"),
        ("192.0.2.7", "192[.]0[.]2[.]7"),
        ("https://exa\u202emple.org/", "hxxps://exa\\u{202e}mple[.]org/"),
        ("https://example。org/", "hxxps://example[.]org/"),
        ("", ""),
    ],
)
def test_an_address_is_shown_so_that_nothing_opens_it(url, shown):
    assert defang(url) == shown
    assert defang(shown) == shown
