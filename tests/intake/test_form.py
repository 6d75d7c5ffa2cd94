"""The public form: keeps what was typed, points at what is missing, asks for nobody's name."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions.rules import parse_rules, publish_rules
from fairnotice.cases.models import Notice
from fairnotice.plumbing import access_cookie, limits
from tests.intake.filling import WHY, fields_of, form

pytestmark = pytest.mark.usefixtures("fn_db")
CODE = re.compile(r'id="receipt-code"[^>]*>([A-Z2-7-]+)<')


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


def _send(client: Client, data: dict[str, str]) -> Notice:
    review = client.post("/report/review/", data)
    assert review.status_code == 200, review.content.decode()
    sent = client.post("/report/send/", fields_of(review.content))
    assert sent.status_code == 200
    return _notice(sent.content)


def _code(content: bytes) -> str:
    found = CODE.search(content.decode())
    assert found is not None
    return found[1]


def _notice(content: bytes) -> Notice:
    access = codes.find(_code(content))
    assert access is not None
    assert access.notice is not None
    return access.notice


def test_the_empty_form_needs_no_account_and_says_what_is_optional(client: Client) -> None:
    page = client.get("/report/").content.decode()
    assert "Is somebody in danger right now?" in page
    for name in ("name", "email"):
        label = re.search(rf'<label for="id_{name}">(.*?)</label>', page, re.DOTALL)
        assert label is not None
        assert "(optional)" in label[1]
    assert 'type="file"' not in page
    assert "required" not in re.findall(r'<input[^>]*name="(?:name|email)"[^>]*>', page)[0]


def test_a_notice_is_sent_without_name_or_email(client: Client) -> None:
    notice = _send(client, form())
    assert sealed.read("notice", notice.ref, "why") == WHY
    assert sealed.read("notice", notice.ref, "name") is None
    assert sealed.read("notice", notice.ref, "email") is None
    assert notice.door == "web"


def test_everything_on_the_form_arrives(client: Client) -> None:
    version = publish_rules(
        clauses=parse_rules("## 1 Be fair\nNo insults.\n\n## 3.2 No private data\nDo not publish it.\n"),
        note="First version",
    )
    assert version is not None
    notice = _send(
        client,
        form(
            "https://forum.example.org/post/7",
            "post 8 in the thread about bread",
            notes=["second picture"],
            ground_kind="rules",
            clause="3.2",
            name="A notifier",
            email="notifier@example.org",
            staff_involved="on",
        ),
    )
    assert [sealed.read("item", i.ref, "location") for i in notice.items.all()] == [
        "https://forum.example.org/post/7",
        "post 8 in the thread about bread",
    ]
    assert sealed.read("item", notice.items.all()[0].ref, "note") == "second picture"
    assert notice.clause is not None
    assert notice.clause.reference == "3.2"
    assert notice.staff_involved
    assert sealed.read("notice", notice.ref, "email") == "notifier@example.org"


def test_without_published_rules_no_rule_is_asked_for(client: Client) -> None:
    page = client.get("/report/").content.decode()
    assert 'name="clause"' not in page
    assert 'value="rules"' not in re.sub(r'name="problem"[^>]*', "", page)


def test_a_law_that_was_named_counts_though_not_sure_stayed_ticked(client: Client) -> None:
    notice = _send(client, form(law="Section 186 of the Criminal Code"))
    assert notice.ground_kind == "law"
    assert sealed.read("notice", notice.ref, "law") == "Section 186 of the Criminal Code"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"items-0-location": ""}, "id_items-0-location", "Say exactly where"),
        ({"items-0-location": "x"}, "id_items-0-location", "Say exactly where"),
        ({"items-0-location": "https://[::1"}, "id_items-0-location", "cannot be read as one"),
        ({"items-0-location": "a" * 2001}, "id_items-0-location", "at most 2000"),
        ({"items-0-note": "n" * 1001}, "id_items-0-note", "at most 1000"),
        ({"problem": ""}, "id_problem", "Choose what kind of problem"),
        ({"problem": "no-such"}, "id_problem", "Choose what kind of problem"),
        ({"why": ""}, "id_why", "Say in your own words"),
        ({"why": "w" * 10_001}, "id_why", "at most 10000"),
        ({"law": "l" * 501, "ground_kind": "law"}, "id_law", "at most 500"),
        ({"ground_kind": "fate"}, "id_ground_kind", "Choose law, rules, or unsure"),
        ({"name": "n" * 201}, "id_name", "at most 200"),
        ({"email": "nobody at example"}, "id_email", "does not look like an e-mail"),
        ({"good_faith": ""}, "id_good_faith", "Please confirm"),
        ({"why": "with a\x00in it"}, "id_why", "cannot be stored"),
    ],
)
def test_an_error_keeps_all_that_was_typed_and_points_at_its_field(
    client: Client, changes: dict[str, str], field: str, says: str
) -> None:
    typed = form(
        notes=["second picture"],
        name="A notifier",
        email="notifier@example.org",
        law="Some act",
        staff_involved="on",
    )
    for name, value in changes.items():
        if value or name.startswith("items-"):
            typed[name] = value
        else:
            del typed[name]
    answer = client.post("/report/review/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Notice.objects.count() == 0
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert says in page
    assert 'class="error-summary" role="alert" tabindex="-1"' in page
    kept = fields_of(answer.content)
    # What was no choice of the page cannot be shown as chosen; everything else is there again.
    made_up = {"problem", "ground_kind"} & changes.keys()
    for name, value in typed.items():
        assert kept.get(name) == value or name in made_up, name


def test_without_any_place_the_first_row_says_so(client: Client) -> None:
    page = client.post("/report/review/", form("", "")).content.decode()
    assert "Say where the item is" in page
    assert 'href="#id_items-0-location"' in page


def test_add_and_remove_keep_everything_and_judge_nothing(client: Client) -> None:
    typed = form("https://a.example.org/", "", "https://c.example.org/", notes=["", "", "third"], why="")
    more = client.post("/report/", {**typed, "add": "1"})
    assert more.status_code == 200
    assert b"error-summary" not in more.content
    fields = fields_of(more.content)
    assert [fields[f"items-{n}-location"] for n in range(4)] == [
        "https://a.example.org/", "", "https://c.example.org/", "",
    ]  # fmt: skip
    less = fields_of(client.post("/report/", {**fields, "remove": "0"}).content)
    assert [less[f"items-{n}-location"] for n in range(3)] == ["", "https://c.example.org/", ""]
    assert less["items-1-note"] == "third"
    assert less["good_faith"] == "on"
    assert less["problem"] == "defamation"


def test_fifty_items_go_and_the_fifty_first_is_refused_with_all_kept(client: Client) -> None:
    fifty = [f"https://forum.example.org/post/{n}" for n in range(50)]
    assert _send(client, form(*fifty)).items.count() == 50
    answer = client.post("/report/review/", form(*fifty, "https://forum.example.org/post/50"))
    assert answer.status_code == 422
    assert b"at most 50 items" in answer.content
    assert fields_of(answer.content)["items-50-location"] == "https://forum.example.org/post/50"
    full = client.post("/report/", {**form(*fifty), "add": "1"})
    assert "items-50-location" not in fields_of(full.content)


def test_empty_rows_are_no_items(client: Client) -> None:
    notice = _send(client, form("", "https://forum.example.org/post/7", ""))
    assert notice.items.count() == 1


def test_a_fault_lands_in_the_row_it_belongs_to_past_empty_ones(client: Client) -> None:
    page = client.post("/report/review/", form("", "https://a.example.org/", "", "x")).content.decode()
    assert 'href="#id_items-3-location"' in page


@pytest.mark.parametrize("problem", ["child-abuse", "child-approached"])
def test_nobody_is_asked_who_they_are_where_children_are_abused(client: Client, problem: str) -> None:
    data = form(problem=problem, name="A notifier", email="notifier@example.org")
    review = client.post("/report/review/", data)
    assert b"We will not ask who you are" in review.content
    assert b"notifier@example.org" not in review.content
    notice = _notice(client.post("/report/send/", {**data, "token": "t" * 32}).content)
    assert sealed.read("notice", notice.ref, "name") is None
    assert sealed.read("notice", notice.ref, "email") is None


def test_a_broken_email_does_not_stop_where_it_is_not_asked(client: Client) -> None:
    answer = client.post("/report/review/", form(problem="child-abuse", email="none of your business"))
    assert answer.status_code == 200


def test_someone_of_the_service_involved_is_sent_elsewhere_first(client: Client) -> None:
    review = client.post("/report/review/", form(problem="involved"))
    assert b"Others can help you too" in review.content
    notice = _notice(client.post("/report/send/", fields_of(review.content)).content)
    assert notice.staff_involved


def test_the_review_page_lays_addresses_open_without_a_link(client: Client) -> None:
    page = client.post(
        "/report/review/",
        form("https://münchen.example.org/a", "https://bank.example@other.example.net/", "post 9"),
    ).content.decode()
    assert "hxxps://münchen[.]example[.]org/a" in page
    assert "xn--mnchen-3ya[.]example[.]org" in page
    assert "other[.]example[.]net" in page
    assert "find it from your words" in page
    assert not re.search(r'href="[^"]*example', page)


def test_change_something_brings_everything_back(client: Client) -> None:
    typed = form(notes=["note"], name="A notifier", law="Some act", ground_kind="law", staff_involved="on")
    review = client.post("/report/review/", typed)
    back = fields_of(client.post("/report/", fields_of(review.content)).content)
    assert {name: back.get(name) for name in typed if not name.endswith("_FORMS")} == {
        name: value for name, value in typed.items() if not name.endswith("_FORMS")
    }


def test_a_double_click_and_a_reload_make_one_notice_with_one_code(client: Client) -> None:
    fields = fields_of(client.post("/report/review/", form()).content)
    seen = {_code(client.post("/report/send/", fields).content) for _ in range(3)}
    assert len(seen) == 1
    assert Notice.objects.count() == 1


def test_the_same_page_with_other_words_is_looked_at_again(client: Client) -> None:
    fields = fields_of(client.post("/report/review/", form()).content)
    client.post("/report/send/", fields)
    answer = client.post("/report/send/", {**fields, "why": "Something else altogether."})
    assert answer.status_code == 409
    assert Notice.objects.count() == 1
    client.post("/report/send/", fields_of(answer.content))
    assert Notice.objects.count() == 2


def test_two_notices_with_the_same_words_are_two(client: Client) -> None:
    _send(client, form())
    _send(client, form())
    assert Notice.objects.count() == 2


def test_the_receipt_shows_the_code_and_opens_the_half_hour(client: Client) -> None:
    fields = fields_of(client.post("/report/review/", form()).content)
    sent = client.post("/report/send/", fields)
    assert "write it down now; we cannot show it again" in sent.content.decode().lower()
    assert sent["Cache-Control"] == "no-store"
    access = codes.find(_code(sent.content))
    assert access is not None
    request = sent.wsgi_request
    request.COOKIES[access_cookie.NAME] = sent.cookies[access_cookie.NAME].value
    assert access_cookie.read(request) == access.pk


def test_nobody_can_slip_past_the_review_with_an_incomplete_notice(client: Client) -> None:
    answer = client.post("/report/send/", form(why=""))
    assert answer.status_code == 422
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("path", ["/report/review/", "/report/send/"])
def test_opening_a_later_step_leads_to_the_form(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/report/")


@pytest.mark.parametrize(
    ("headers", "goes"),
    [
        ({}, True),  # an old or a careful browser says nothing
        ({"origin": "null"}, True),
        ({"origin": "http://testserver"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://elsewhere.example"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, False),
    ],
)
def test_it_goes_without_any_cookie_and_not_from_another_site_s_page(
    headers: dict[str, str], goes: bool
) -> None:
    def careful() -> Client:
        return Client(enforce_csrf_checks=True, headers=headers)

    review = careful().post("/report/review/", form())
    assert review.status_code == 200 and not review.cookies
    sent = careful().post("/report/send/", fields_of(review.content))
    assert Notice.objects.count() == goes
    if goes:
        assert sent.status_code == 200 and _notice(sent.content).door == "web"
    else:
        assert sent.status_code == 403
        # Nothing typed is lost, and the same words go from the page that says so.
        again = Client(enforce_csrf_checks=True).post("/report/send/", fields_of(sent.content))
        assert _notice(again.content).door == "web"


def test_another_page_may_fill_in_the_place_and_nothing_more() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site"})
    place = "https://forum.example.org/post/7?a=1&b=<script>"
    for answer in (
        strict.get("/report/", {"location": place, "why": "not mine", "name": "nobody"}),
        strict.post("/report/", {"location": place, "why": "not mine"}),
    ):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "hxxps://forum[.]example[.]org/post/7?a=1&amp;b=&lt;script&gt;" in page
        kept = fields_of(answer.content)
        assert kept["items-0-location"] == place and not kept["why"] and not kept["name"]
    many = strict.get("/report/", {"location": [f"https://a.example/{n}" for n in range(60)]})
    assert "items-49-location" in fields_of(many.content) and "items-50-location" not in fields_of(
        many.content
    )
    for strange in ("", " ", "\x00", "x" * 9000):
        assert strict.get("/report/", {"location": strange}).status_code == 200
    assert "Another page filled in" not in strict.get("/report/?location=").content.decode()
    assert Notice.objects.count() == 0
