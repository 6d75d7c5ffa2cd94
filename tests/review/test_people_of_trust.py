"""A notice about somebody at the service exists for people of trust alone, and never for whom it concerns."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fairnotice.cases.actions import claim, decide, emergency, receive, trusted_people, two_people
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import Emergency, InvolvedContact, Opened, SealedValue
from fairnotice.cases.people import is_trusted, visible_cases
from fairnotice.cases.permissions import ROLES, Actor
from fairnotice.cases.queries import openings, outgoing
from fairnotice.delivery import runner
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.review.reading import text

pytestmark = pytest.mark.usefixtures("fn_db")
SECRET = "The night shift, third desk."
PLACE = "https://sealed-place.example.org/post/7"


def named(people, who, label="works council"):
    return trusted_people.add_trusted_person(actor=people["admin"], label=label, user_id=people[who].user_id)


def about_staff(**changes):
    return making.notice(PLACE, **{"staff_involved": True, **changes})


def test_while_an_account_is_named_only_named_accounts_see_it(people):
    case = making.case_of(about_staff())
    assert case in visible_cases(people["senior"])
    contact = named(people, "holder")
    sees = {name for name, actor in people.items() if case in visible_cases(actor)}
    assert sees == {"holder"}
    trusted_people.end_trusted_person(actor=people["admin"], contact_ref=contact.ref)
    assert case in visible_cases(people["senior"]) and case not in visible_cases(people["holder"])
    with pytest.raises(Conflict):
        trusted_people.end_trusted_person(actor=people["admin"], contact_ref=contact.ref)


def test_a_closed_account_is_no_person_of_trust(people):
    named(people, "holder")
    get_user_model().objects.filter(pk=people["holder"].user_id).update(is_active=False)
    assert is_trusted(people["senior"]) and not is_trusted(people["holder"])


def test_whoever_the_notifier_names_is_kept_out_from_the_first_moment(people):
    contact = named(people, "holder")
    named(people, "senior", "ombudsperson")
    case = making.case_of(about_staff(involved_role=f"person:{contact.ref}"))
    assert case in visible_cases(people["senior"]) and case not in visible_cases(people["holder"])
    other = making.case_of(making.notice("https://forum.example.org/2", involved_role="role:senior_reviewer"))
    assert other.staff_involved, "to name somebody says that somebody is involved"
    assert other in visible_cases(people["holder"]) and other not in visible_cases(people["senior"])


def test_a_choice_that_is_none_is_said(people):
    for wrong in ("role:king", "person:ZZZZZZZZZZZZ", "x", "\x00"):
        with pytest.raises(Invalid) as said:
            about_staff(involved_role=wrong)
        assert [fault.path for fault in said.value.faults] == ["involved_role"]


def test_who_it_is_stays_sealed_and_people_of_trust_read_it(browser, people):
    named(people, "holder")
    sent = about_staff(involved=SECRET)
    assert SealedValue.objects.get(row=sent.notice.ref, field="involved").key_id == sent.notice.notifier_key
    assert SECRET not in str(sent.receipt), "a receipt is shown around"
    case = making.case_of(sent)
    assert SECRET in text(browser("holder").get(f"/desk/case/{case.ref}/"))
    assert browser("senior").get(f"/desk/case/{case.ref}/").status_code == 404


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"label": "", "mailbox": "a@b.example"}, "label"),
        ({"label": "x" * 81, "mailbox": "a@b.example"}, "label"),
        ({"label": "x"}, "user"),
        ({"label": "x", "user_id": 10**9}, "user"),
        ({"label": "x", "mailbox": "no address"}, "mailbox"),
    ],
)
def test_what_is_wrong_with_a_name_is_said_at_its_field(people, values, path):
    with pytest.raises(Invalid) as wrong:
        trusted_people.add_trusted_person(actor=people["admin"], **values)
    assert [fault.path for fault in wrong.value.faults] == [path]
    with pytest.raises(NotFound):
        trusted_people.end_trusted_person(actor=people["admin"], contact_ref="ZZZZZZZZZZZZ")


def test_the_list_at_the_desk(browser, people):
    admin = browser("admin")
    assert "No account is named" in text(admin.get("/desk/trust/"))
    wrong = admin.post("/desk/trust/add/", {"label": "works council", "mailbox": "nowhere"})
    assert wrong.status_code == 422 and 'value="nowhere"' in text(wrong)
    sent = {"label": "works council", "mailbox": "council@example.org"}
    assert admin.post("/desk/trust/add/", sent).status_code == 302
    shown = text(admin.get("/desk/trust/"))
    assert "works council" in shown and "council@example.org" not in shown
    user = {"label": "ombudsperson", "user": people["holder"].user_id}
    assert admin.post("/desk/trust/add/", user).status_code == 302
    assert admin.post("/desk/trust/add/", user).status_code == 422
    for row in InvolvedContact.objects.all():
        assert admin.post(f"/desk/trust/{row.ref}/end/").status_code == 302
    assert not SealedValue.objects.filter(owner="involved").exists()
    assert browser("senior").get("/desk/trust/").status_code == 403


class Post:
    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)


def test_an_organisation_outside_hears_that_there_is_one_and_nothing_of_it(people):
    trusted_people.add_trusted_person(actor=people["admin"], label="council", mailbox="council@example.org")
    sent, post = about_staff(involved=SECRET, email="notifier@example.net"), Post()
    runner.run_due(port=post)
    [letter] = [one for one in post.letters if str(one["To"]) == "council@example.org"]
    said = "".join(part.get_content() for part in letter.walk() if not part.is_multipart())
    assert sent.notice.ref in said
    for hidden in ("sealed-place", SECRET, "stole money", "notifier@example.net"):
        assert hidden not in said


def test_the_notifier_is_told_the_truth_where_nobody_is_left(people, settings):
    settings.FN_HELPLINES = [{"name": "Coordinator of digital services", "contact": "the authority"}]
    contact = named(people, "holder", "ombudsperson")
    trusted_people.add_trusted_person(actor=people["admin"], label="the council", mailbox="c@example.org")
    sent = about_staff(involved_role=f"person:{contact.ref}")
    client = Client()
    client.post("/status/", {"code": sent.code})
    page = text(client.get("/status/view/"))
    assert "everybody here who could look after such a report is among those you named" in page
    assert "the council" in page and "the authority" in page and "desk-holder" not in page
    named(people, "senior", "another")
    page = text(client.get("/status/view/"))
    assert "Only people of trust see your report" in page


def test_the_form_offers_people_by_their_task_and_says_what_happens(people):
    named(people, "holder", "ombudsperson")
    page = text(Client().get("/report/"))
    assert "ombudsperson" in page and "desk-holder" not in page
    sent = {
        "items-0-location": "https://forum.example.org/1", "problem": "defamation", "why": "It says so.",
        "good_faith": "on", "involved_role": "role:administrator", "involved": SECRET,
    }  # fmt: skip
    looked = text(Client().post("/report/review/", sent))
    assert "Kept from:" in looked and "administrator" in looked and SECRET in looked
    again = text(Client().post("/report/", sent))
    assert SECRET in again and re.search(r'value="role:administrator"\s+selected', again)


@pytest.fixture
def everything(people, browser):
    """One thing of every kind of the desk, all of one case about the staff, which the holder and the senior see."""
    named(people, "holder", "one")
    named(people, "senior", "two")
    sent = about_staff(life_in_danger=True, email="notifier@example.net", involved=SECRET)
    case = making.case_of(sent)
    browser("holder").get(f"/desk/case/{case.ref}/")
    two_people.propose(actor=people["holder"], verb="export", why="court", reason="Asked.", case_ref=case.ref)
    OutboxRow.objects.update(dead=True, error_code="unreachable")
    raw = receive.receive(door="mail", raw=b"About the staff.")[0]
    draft = NoticeDraft([ItemDraft("https://x.example/1")], why=SECRET, staff_involved=True)
    receive.settle_waiting(received=raw, reason="no-place", draft=draft)
    return {"case": case, "emergency": Emergency.objects.get(), "message": raw, "notice": sent.notice}


LISTS = (
    "/desk/", "/desk/messages/", "/desk/emergencies/", "/desk/appeals/", "/desk/second/", "/desk/statements/",
    "/desk/publications/", "/desk/measures/", "/desk/forwards/", "/desk/outgoing/", "/desk/by-two/",
    "/desk/clients/", "/desk/tables/", "/desk/ways-in/", "/desk/openings/", "/desk/openings/openings.csv",
)  # fmt: skip


def without_tokens(page):
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page)


def test_every_list_is_the_same_as_if_it_were_not_there(people, browser, fn_db):
    """For an account with every role: bytes of every list, numbers in the navigation too, before and after."""
    outsider = making.account("outsider", *ROLES)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=outsider.user_id))
    named(people, "holder", "one")
    before = {path: without_tokens(text(client.get(path))) for path in LISTS}
    sent = about_staff(life_in_danger=True, email="notifier@example.net", involved=SECRET)
    browser("holder").get(f"/desk/case/{making.case_of(sent).ref}/")
    two_people.propose(
        actor=people["holder"], verb="export", why="court", reason="Asked.",
        case_ref=making.case_of(sent).ref,
    )  # fmt: skip
    OutboxRow.objects.update(dead=True, error_code="unreachable")
    raw = receive.receive(door="mail", raw=b"About the staff.")[0]
    draft = NoticeDraft([ItemDraft("https://x.example/1")], why=SECRET, staff_involved=True)
    receive.settle_waiting(received=raw, reason="no-place", draft=draft)
    for path in LISTS:
        assert without_tokens(text(client.get(path))) == before[path], path


@pytest.mark.parametrize("how", ["never named", "marked", "named by role"])
def test_every_door_answers_as_if_it_were_not_there(everything, people, how):
    """404 with the same bytes as for what does not exist, for every path with a reference of it."""
    roles = frozenset(ROLES)
    outsider = making.account("outsider", *ROLES)
    if how != "never named":
        named(people, "other", "three")
        outsider = Actor(people["other"].user_id, roles)
        user = get_user_model().objects.get(pk=outsider.user_id)
        user.grants.all().delete()
        user.grants.model.objects.bulk_create(user.grants.model(user=user, role=role) for role in ROLES)
        claim.mark_involved(actor=people["senior"], case_ref=everything["case"].ref, user_id=outsider.user_id)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=outsider.user_id))
    case, alarm = everything["case"].ref, everything["emergency"].ref
    proposal = two_people.visible_proposals(people["holder"]).get().ref
    doors = [
        ("get", "/desk/case/{}/", case), ("get", "/desk/case/{}/purpose/", case),
        ("post", "/desk/case/{}/purpose/", case), ("get", "/desk/case/{}/propose/", case),
        ("post", "/desk/case/{}/propose/", case), ("post", "/desk/case/{}/claim/", case),
        ("post", "/desk/case/{}/release/", case), ("get", "/desk/case/{}/decide/", case),
        ("get", "/desk/emergency/{}/", alarm), ("post", "/desk/emergency/{}/acknowledge/", alarm),
        ("post", "/desk/emergency/{}/assess/", alarm), ("post", "/desk/proposal/{}/answer/", proposal),
        ("get", "/desk/proposal/{}/written/", proposal),
    ]  # fmt: skip
    if how == "never named":
        doors.append(("get", "/desk/message/{}/", everything["message"].ref))
    events = Opened.objects.count()
    for method, path, ref in doors:
        there = getattr(client, method)(path.format(ref), {"version": 1, "act": "confirm", "passed_on": "no"})
        nowhere = getattr(client, method)(
            path.format("Z" * 12), {"version": 1, "act": "confirm", "passed_on": "no"}
        )
        assert (there.status_code, nowhere.status_code) == (404, 404), (path, method)
        hidden = without_tokens(text(there)).replace(ref, "REF")
        assert hidden == without_tokens(text(nowhere)).replace("Z" * 12, "REF"), (path, method)
    assert Opened.objects.count() == events
    assert not list(openings.openings(outsider, ref=case))
    assert all(case not in view.cases for view in outgoing.views(list(outgoing.rows(outsider))))


def test_the_page_of_another_case_says_nothing_of_it(browser, people):
    """No link to the earlier case about the item, none to a case that a decision rests on."""
    place = "https://forum.example.org/again"
    first = making.notice(place)
    decision = making.decided(first, people["holder"], "NO_ACTION", reach=decide.Reach())
    later = making.case_of(making.notice(place))
    claim.mark_involved(actor=people["senior"], case_ref=decision.case.ref, user_id=people["other"].user_id)
    assert decision.case.ref in text(browser("holder").get(f"/desk/case/{later.ref}/"))
    assert later.previous == decision.case
    assert decision.case.ref not in text(browser("other").get(f"/desk/case/{later.ref}/"))


def test_emergencies_about_the_staff_are_acknowledged_by_people_of_trust(everything, people):
    found = emergency.acknowledge(actor=people["holder"], emergency_ref=everything["emergency"].ref)
    assert found.state == "acknowledged"
