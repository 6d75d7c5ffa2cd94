"""The second look before an entry becomes public."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import claim
from fairnotice.cases.models import Publication
from fairnotice.review.views.publications import marked
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, WHY_SENTINEL
from tests.review.reading import text


@pytest.fixture
def publication(people, reported) -> Publication:
    return making.decided(reported, people["holder"]).publication


def url(publication, verb: str = "") -> str:
    return f"/desk/publication/{publication.ref}/{verb}"


def test_the_publisher_sees_the_public_fields_and_nothing_else(browser, publication):
    client = browser("publisher")
    assert publication.ref in text(client.get("/desk/publications/"))
    page = text(client.get(url(publication)))
    for shown in (
        making.SUMMARY,
        "Illegal or harmful speech",
        "Section 186",
        "Disabling access",
        "everywhere",
    ):
        assert shown in page
    for hidden in (publication.decision.case.ref, "the court found", "sealed-place", WHY_SENTINEL):
        assert hidden not in page
    assert NAME_SENTINEL not in page and EMAIL_SENTINEL not in page


def test_what_leads_to_a_person_or_a_page_is_marked(browser, publication):
    Publication.objects.filter(pk=publication.pk).update(
        summary="See www.example.org or <b>write</b> @somebody."
    )
    page = browser("publisher").get(url(publication)).content.decode()
    assert "<mark>www.example.org" in page and "<mark>@somebody" in page
    assert "<b>write</b>" not in page


def test_pieces_put_together_are_the_text():
    said = (
        "\u201cA long quotation with www.example.org inside of it, and more\u201d and @somebody, 192.0.2.7!"
    )
    pieces = marked(said)
    assert "".join(piece for _kind, piece in pieces) == said
    assert {kind for kind, _piece in pieces} > {"", "handle"}


def test_approving_with_a_mended_summary(browser, people, publication):
    sent = {"summary": "A mended summary."}
    assert browser("publisher").post(url(publication, "approve/"), sent).status_code == 302
    publication.refresh_from_db()
    assert (publication.state, publication.summary) == ("approved", "A mended summary.")
    assert publication.approved_by_id == people["publisher"].user_id
    assert publication.ref in text(browser("publisher").get("/desk/publications/", {"state": "approved"}))


@pytest.mark.parametrize("summary", ["", "  ", "Write to a@example.net", "x" * 1001, "a\x00b"])
def test_a_summary_with_faults_is_kept_and_refused(browser, publication, summary):
    answer = browser("publisher").post(url(publication, "approve/"), {"summary": summary})
    assert answer.status_code == 422
    assert 'href="#id_summary"' in text(answer) and summary.strip()[:1] in text(answer)
    publication.refresh_from_db()
    assert publication.state == "drafted"


def test_withholding_needs_a_reason(browser, publication):
    client = browser("publisher")
    answer = client.post(url(publication, "withhold/"), {"reason": ""})
    assert answer.status_code == 422 and 'href="#id_reason"' in text(answer)
    assert client.post(url(publication, "withhold/"), {"reason": "Too easy to recognise."}).status_code == 302
    assert "Withheld, because:" in text(client.get(url(publication)))
    assert "Too easy to recognise." not in text(client.get(url(publication))), (
        "a publisher reads nothing sealed"
    )
    assert "Too easy to recognise." in text(browser("senior").get(url(publication)))


def test_what_was_settled_meanwhile_is_409_with_its_state(browser, publication):
    client = browser("publisher")
    client.post(url(publication, "withhold/"), {"reason": "Too easy to recognise."})
    answer = client.post(url(publication, "approve/"), {"summary": "A mended summary."})
    assert answer.status_code == 409 and "Withheld" in text(answer)


def test_who_wrote_it_cannot_approve_it(browser, people):
    people["both"] = making.account("desk-writes-and-publishes", "reviewer", "publisher")
    own = making.decided(making.notice(), people["both"]).publication
    assert "You wrote this" in text(browser("both").get(url(own)))
    assert browser("both").post(url(own, "approve/"), {"summary": making.SUMMARY}).status_code == 409


@pytest.mark.parametrize("name", ["holder", "senior", "appeals", "admin", "auditor"])
def test_other_roles_look_but_cannot_publish(browser, publication, name):
    assert "Approve for publication" not in text(browser(name).get(url(publication)))
    for verb in ("approve/", "withhold/"):
        assert browser(name).post(url(publication, verb), {"summary": "x", "reason": "x"}).status_code == 403


def test_somebody_involved_finds_no_entry(browser, people, publication):
    claim.mark_involved(
        actor=people["senior"],
        case_ref=publication.decision.case.ref,
        user_id=people["publisher"].user_id,
    )
    assert browser("publisher").get(url(publication)).status_code == 404
    assert browser("publisher").post(url(publication, "approve/"), {"summary": "x"}).status_code == 404
