"""Every page of the desk for every role: no notifier's name or address, and no sealed word for roles without."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import appeal, claim, receive, rules
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.permissions import ROUTES
from fairnotice.review.urls import urlpatterns
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, PLACE_SENTINEL, WHY_SENTINEL
from tests.review.reading import text

APPEAL_SENTINEL = "Sealed words of the appeal"
SEVERE = "DECISION_PROVISION_TOTAL_SUSPENSION"
CONTACTS = (NAME_SENTINEL, EMAIL_SENTINEL, "affected.sentinel@example.net")
SEALED = (
    WHY_SENTINEL,
    APPEAL_SENTINEL,
    "sealed-place",
    "the court found",
    "stole money",
    "a false claim of theft",
)


def _message() -> str:
    received = receive.receive(door="mail", raw=f"From: {EMAIL_SENTINEL}\n\nNo place.".encode())[0]
    draft = NoticeDraft(why=WHY_SENTINEL, name=NAME_SENTINEL, email=EMAIL_SENTINEL)
    receive.settle_waiting(received=received, reason="no-place", draft=draft)
    return received.ref


@pytest.fixture
def pages(people, reported) -> list[str]:
    """Something on every list, and the address of every page."""
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="The first rules.")
    about = {"name": NAME_SENTINEL, "email": EMAIL_SENTINEL, "why": WHY_SENTINEL}
    decision = making.decided(reported, people["other"])
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons=APPEAL_SENTINEL)
    appeal.claim_appeal(actor=people["appeals"], appeal_ref=lodged.ref, version=1)
    making.decided(making.notice(PLACE_SENTINEL + "2", **about), people["other"], SEVERE)
    mail = Reach("email", CONTACTS[2])
    making.decided(making.notice(PLACE_SENTINEL + "3", **about), people["other"], reach=mail)
    held = making.case_of(making.notice(PLACE_SENTINEL + "4", **about))
    claim.claim(actor=people["holder"], case_ref=held.ref, version=held.version)
    refs = {"case": decision.case.ref, "appeal": lodged.ref, "publication": decision.publication.ref}
    lists = [
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
        *[f"/desk/{name}/{ref}/" for name, ref in refs.items()],
        f"/desk/appeal/{lodged.ref}/decide/",
        f"/desk/case/{held.ref}/",
        f"/desk/case/{held.ref}/decide/",
        "/desk/messages/",
        "/desk/ways-in/",
        f"/desk/message/{_message()}/",
        "/desk/publications/?state=approved",
    ]


def test_every_route_of_the_desk_is_one_that_the_table_knows():
    names = {pattern.name for pattern in urlpatterns}
    # Those about accounts are of another app, and know nothing of cases.
    of_cases = {name for name in ROUTES if name.startswith("desk") and not name.startswith("desk-staff")}
    assert names == of_cases


@pytest.mark.parametrize("name", ["holder", "other", "senior", "appeals", "publisher", "admin", "auditor"])
def test_no_page_shows_what_this_role_may_not_see(browser, pages, name):
    client = browser(name)
    seen = 0
    for path in pages:
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403), path
        page = text(answer)
        hidden = CONTACTS if name in ("holder", "other", "senior", "appeals") else (*CONTACTS, *SEALED)
        for words in hidden:
            assert words not in page, (path, words)
        seen += answer.status_code == 200
    assert seen >= 11
