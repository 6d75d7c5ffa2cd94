"""A made-up language in which every marked text stands in brackets: what is outside of them was not translated.

People's own words are digits here, so that no letter outside of brackets is anybody's but ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from fairnotice.accounts.actions import add_user
from fairnotice.accounts.models import User
from fairnotice.cases import codes
from fairnotice.cases.actions import appeal, claim, decide, rules
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.models import ApiToken, Decision
from fairnotice.cases.permissions import ADMIN, APPEALS, PUBLISHER, REVIEWER, ROLES, SENIOR, Actor
from fairnotice.delivery import letters
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from fairnotice.observatory.topics import TOPICS
from fairnotice.observatory.web import answering
from tests.cases import making
from tests.site import catalogue, unmarked

DIGITS = "12345"
PLACE = "https://203.0.113.7/"
SEVERE = "DECISION_PROVISION_TOTAL_SUSPENSION"
OWN_WORDS = ("ground_reference", "explanation", "facts", "necessity", "milder_considered", "paraphrase")
# The names of the product, of its language and of its operator, addresses, days, what only programs
# read, and Django's own rules for passwords, which it translates itself.
STAYS = re.compile(
    r"Fair Notice|This service|English|UTC|Your password [^.]+\.|openapi\.json|h(?:tt|xx)ps?://\S+|(?:\d+ )?[A-Z][a-z]+ 20\d\d"
)
REFERENCE = re.compile(r"\b(?:[A-Z0-9]{12}|[A-Z2-7]{5,6}(?:-[A-Z2-7]{5,6})+)\b")

pytestmark = pytest.mark.usefixtures("fn_db", "brackets")


@pytest.fixture
def brackets(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The made-up language, chosen by every browser."""
    catalogue.write(tmp_path / "locale", catalogue.bracketed(catalogue.all_marked()))
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    settings.LANGUAGES = [("en", "English"), (catalogue.CODE, "Brackets")]
    with translation.override(catalogue.CODE):
        yield


def outside(text: str) -> str:
    """What stands outside of all brackets, which may lie in each other, without what stays in every language."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return REFERENCE.sub(" ", STAYS.sub(" ", text))


def untranslated(page: str) -> list[str]:
    """The pieces of a page with letters outside of brackets. Days and moments are Django's own to translate."""
    whole = "\n".join(unmarked.words_of(page, ("script", "style", "code", "pre", "time", "template")))
    return [line.strip() for line in outside(whole).split("\n") if re.search(r"[^\W\d_]", line)]


def person(role: str) -> Actor:
    """An account of this role whose name is digits."""
    name = str(ROLES.index(role) + 1)
    user = User.objects.filter(username=name).first() or add_user(username=name, roles=[role])[0]
    return Actor(user.pk, frozenset({role}))


def browser(role: str = "") -> Client:
    client = Client(headers={"accept-language": catalogue.CODE})
    if role:
        client.force_login(User.objects.get(pk=person(role).user_id))
    return client


def decided(
    place: str, *kinds: str, reach: decide.Reach | None = None, email: str = ""
) -> tuple[Submitted, Decision]:
    """A notice and its decision by the reviewer."""
    submitted = making.notice(
        PLACE + place, why=DIGITS, email=email, items=[making.ItemDraft(PLACE + place, DIGITS)]
    )
    case = making.case_of(submitted)
    claim.claim(actor=person(REVIEWER), case_ref=case.ref, version=case.version)
    draft = making.draft(*kinds, **dict.fromkeys(OWN_WORDS, DIGITS))
    draft.measures = [replace(m, how_to_reverse=m.how_to_reverse and DIGITS) for m in draft.measures]
    decision = decide.decide(
        actor=person(REVIEWER),
        case_ref=case.ref,
        version=2,
        draft=draft,
        reach=reach or decide.Reach("unreachable", reason=DIGITS),
        summary=DIGITS,
    )
    return submitted, decision


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about/",
        "/report/",
        "/status/",
        "/register/",
        "/rules/",
        "/log/",
        "/accounts/login/",
        "/nowhere/",
        "/desk/",
    ],
)
def test_a_page_for_everybody(path: str) -> None:
    page = browser().get(path, follow=True).content.decode()
    assert catalogue.OPEN in page
    assert untranslated(page) == []


def test_the_observatory(settings: Settings, tmp_path: Path) -> None:
    """Names of platforms, and days of pictures, which Django translates, are left."""
    # It needs the extra `data`, the other tests of this file do not.
    from tests.observatory import views

    settings.FN_OBSERVATORY_STORE = views.weeks(tmp_path, days=9).store.path
    answering.forget()
    for path in ("", "compare/", *(f"{name}/" for name in TOPICS)):
        page = browser().get(f"/observatory/{path}?platform=Harbour").content.decode()
        assert catalogue.OPEN in page
        names = re.compile(r"[\W\d]*(Meadow|Harbour|Quill & Sons|[A-Z][a-z]{2})[\W\d]*")
        assert [one for one in untranslated(page) if not names.fullmatch(one)] == [], path
    answering.forget()


def test_a_notice_with_faults_its_second_look_and_its_receipt() -> None:
    visitor = browser()
    typed = {
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-location": "http://[",
        "email": "1",
        "why": "",
    }
    faulty = visitor.post("/report/review/", typed).content.decode()
    assert "error-summary" in faulty
    assert untranslated(faulty) == []
    typed |= {
        "items-0-location": PLACE,
        "why": DIGITS,
        "problem": "defamation",
        "good_faith": "on",
        "email": "",
    }
    review = visitor.post("/report/review/", typed | {"ground_kind": "unsure"}).content.decode()
    assert untranslated(review) == []
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', review))
    receipt = visitor.post("/report/send/", hidden).content.decode()
    assert "receipt-code" in receipt
    assert untranslated(receipt) == []


def test_what_both_sides_read_behind_their_codes() -> None:
    submitted, decision = decided("1")
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons=DIGITS)
    for code in (submitted.code, codes.mint(side="affected", case=decision.case)):
        visitor = browser()
        visitor.post("/status/", {"code": code})
        refs = re.findall(r"/status/statement/(\w+)/", visitor.get("/status/view/").content.decode())
        assert refs
        pages = [
            "view/",
            f"statement/{refs[0]}/",
            "view/",
            f"appeal/{decision.ref}/",
            "withdraw/?what=notice",
        ]
        for path in [*pages, f"withdraw/?what=appeal&ref={lodged.ref}"]:
            assert untranslated(visitor.get("/status/" + path).content.decode()) == [], path
        empty = visitor.post(f"/status/appeal/{decision.ref}/", {"reasons": ""}).content.decode()
        assert untranslated(empty) == []
    assert untranslated(browser().post("/status/", {"code": "0"}).content.decode()) == []


@pytest.fixture
def desk() -> list[str]:
    """Something on every list of the desk, and the address of every page."""
    rules.publish_rules(clauses=rules.parse_rules("## 1 1\n1\n"), note=DIGITS)
    _submitted, decision = decided("1")
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons=DIGITS)
    appeal.claim_appeal(actor=person(APPEALS), appeal_ref=lodged.ref, version=1)
    _submitted, severe = decided("2", SEVERE)
    decided("3", reach=decide.Reach("letter"))
    held = making.case_of(
        making.notice(PLACE + "4", why=DIGITS, items=[making.ItemDraft(PLACE + "4", DIGITS)])
    )
    claim.claim(actor=person(REVIEWER), case_ref=held.ref, version=held.version)
    decided("5", email="5@203.0.113.7")
    OutboxRow.objects.filter(kind="statement").update(dead=True, error_code="gone")
    making.token("notices", "effects", label=DIGITS)
    client, token = making.client(DIGITS), ApiToken.objects.get()
    making.trusted_flagger(person(ADMIN), DIGITS, reference="7", areas=["STATEMENT_CATEGORY_VIOLENCE"])
    making.sent_by(client, PLACE + "5", why=DIGITS, items=[making.ItemDraft(PLACE + "5", DIGITS)])
    lists = [
        "clients",
        "second",
        "statements",
        "measures",
        "appeals",
        "publications",
        "lookup",
        "rules",
        "rules/publish",
    ]
    return [
        "/desk/",
        *[f"/desk/{name}/" for name in lists],
        f"/desk/case/{decision.case.ref}/",
        f"/desk/case/{severe.case.ref}/",
        f"/desk/case/{held.ref}/",
        f"/desk/case/{held.ref}/decide/",
        f"/desk/appeal/{lodged.ref}/",
        f"/desk/appeal/{lodged.ref}/decide/",
        f"/desk/publication/{decision.publication.ref}/",
        "/desk/?state=decided",
        "/desk/lookup/?location=203.0.113.7",
        f"/desk/client/{client.ref}/",
        *[f"/desk/client/{client.ref}/{name}/" for name in ("close", "token", "trusted", "trusted/end")],
        *[f"/desk/token/{token.ref}/{name}/" for name in ("rotate", "revoke")],
        "/accounts/password/",
        "/accounts/logout/",
        "/desk/outgoing/",
        "/desk/outgoing/?state=sending",
    ]


@pytest.mark.parametrize("role", [REVIEWER, SENIOR, APPEALS, PUBLISHER, ADMIN])
def test_the_desk(desk: list[str], role: str) -> None:
    client = browser(role)
    for path in desk:
        assert untranslated(client.get(path).content.decode()) == [], path


def test_a_decision_and_an_answer_with_every_field_missing(desk: list[str]) -> None:
    for role, path in ((REVIEWER, desk[13]), (APPEALS, desk[15])):
        page = browser(role).post(path, {"version": "2", "step": "send"}).content.decode()
        assert path.endswith("/decide/") and "⟦Error⟧" in page
        assert untranslated(page) == [], path


def test_letters(settings: Settings) -> None:
    settings.FN_OPERATOR = {**settings.FN_OPERATOR, "languages": [catalogue.CODE]}
    decided("1", reach=decide.Reach("email", "2@203.0.113.7"), email="1@203.0.113.7")
    kinds = set()
    for row in OutboxRow.objects.all():
        letter = letters.compose(row, outbox.payload(row))
        kinds.add(row.kind)
        text = letter.get_body(("plain",))
        assert text is not None
        said = f"{letter['Subject']}\n{text.get_content()}"
        assert re.findall(r"[^\W\d_]+", outside(said)) == [], said
        page = letter.get_body(("html",))
        assert page is not None and untranslated(page.get_content()) == []
    assert kinds == {"notice-received", "statement"}
