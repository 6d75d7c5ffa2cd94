"""Somebody says that a life is in danger: alerted, acknowledged, escalated, assessed; and nothing of it leaks."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import clock, emergency
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import CaseInvolved, Emergency, EmergencyAlert, Notice, Opened, SealedValue
from fairnotice.delivery import runner
from fairnotice.delivery.ports import SendFailed
from fairnotice.law.problems import LIFE, PROBLEMS
from fairnotice.ledger import outbox
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.vault import keys
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, PLACE_SENTINEL, WHY_SENTINEL
from tests.review.reading import text

pytestmark = pytest.mark.usefixtures("fn_db")
FIRST, NEXT = "duty-one@example.org", "duty-two@example.org"


@pytest.fixture(autouse=True)
def _on_duty(settings):
    settings.FN_EMERGENCY_CONTACTS = [FIRST, NEXT]


class Post:
    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)


def danger(**changes):
    said = {"why": WHY_SENTINEL, "name": NAME_SENTINEL, "email": EMAIL_SENTINEL, "life_in_danger": True}
    making.notice(PLACE_SENTINEL, **{**said, **changes})
    return Emergency.objects.order_by("-id")[0]


def test_it_alerts_the_first_then_the_next_until_somebody_acknowledges(people):
    found, post = danger(), Post()
    runner.run_due(port=post)
    assert [str(letter["To"]) for letter in post.letters if "duty" in str(letter["To"])] == [FIRST]
    start = found.next_at
    clock.tick(start - timedelta(seconds=1))
    assert EmergencyAlert.objects.count() == 1
    for _round in range(2):
        found.refresh_from_db()
        clock.tick(found.next_at)
    runner.run_due(port=post)
    duty = [str(letter["To"]) for letter in post.letters if "duty" in str(letter["To"])]
    assert duty == [FIRST, NEXT, FIRST], "the list begins again"
    emergency.acknowledge(actor=people["senior"], emergency_ref=found.ref)
    clock.tick(timezone.now() + timedelta(days=1))
    assert EmergencyAlert.objects.count() == 3
    assert list(EmergencyAlert.objects.values_list("place", flat=True)) == [0, 1, 0]
    kinds = Event.objects.filter(case_ref=found.ref).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["emergency.opened", *["emergency.escalated"] * 2, "emergency.acknowledged"]


def test_an_alert_says_where_to_sign_in_and_nothing_else():
    found, post = danger(), Post()
    runner.run_due(port=post)
    [letter] = [one for one in post.letters if "duty" in str(one["To"])]
    said = "".join(part.get_content() for part in letter.walk() if not part.is_multipart())
    assert f"/desk/emergency/{found.ref}/" in said
    for hidden in (WHY_SENTINEL, NAME_SENTINEL, EMAIL_SENTINEL, "sealed-place", "life", "danger", "threat"):
        assert hidden not in said + str(letter["Subject"]), hidden


def test_a_webhook_and_a_program_learn_a_reference_and_a_link(settings, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("whsec_" + "QUFB" * 8)
    told = tmp_path / "told"
    settings.FN_WEBHOOKS = [{"url": "https://hook.example/a", "secret_file": str(tmp_path / "secret")}]
    program = tmp_path / "ring.py"
    program.write_text(
        "import json, os, sys\n"
        f"open({str(told)!r}, 'w').write(json.dumps([dict(os.environ), sys.stdin.read(), sys.argv[1:]]))\n"
    )
    settings.FN_EMERGENCY_COMMAND = f"{sys.executable} {program} '$(touch x)'"
    posted = []
    monkeypatch.setattr("fairnotice.delivery.webhooks.send", lambda row, payload: posted.append(payload))
    found = danger(email="")
    runner.run_due(port=Post())
    [payload] = posted
    assert payload["message"]["type"] == "emergency.waiting"
    assert payload["message"]["data"] == {
        "reference": found.ref,
        "step": 0,
        "desk": emergency.link(found.ref),
    }
    environment, given, arguments = json.loads(told.read_text())
    assert (given, arguments) == ("", ["$(touch x)"]), "no shell"
    assert environment["FAIRNOTICE_REFERENCE"] == found.ref
    assert not [value for value in environment.values() if "sealed" in value.lower()]
    assert set(EmergencyAlert.objects.get().channels) == {"mail", "webhook", "command"}


def test_a_webhook_that_names_other_events_hears_nothing(settings, tmp_path):
    settings.FN_WEBHOOKS = [
        {"url": "https://hook.example/a", "secret_file": "x", "events": ["measure.in_force"]}
    ]
    danger()
    assert EmergencyAlert.objects.get().channels == ["mail"]


def test_who_acknowledges_first_does_and_the_others_are_told_so(people):
    found = danger()
    emergency.acknowledge(actor=people["senior"], emergency_ref=found.ref)
    with pytest.raises(Conflict):
        emergency.acknowledge(actor=people["holder"], emergency_ref=found.ref)
    assert not outbox.lease(10) or all(
        r.kind == "notice-received" for r in OutboxRow.objects.filter(done_at=None)
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"passed_on": None}, "passed_on"),
        ({"passed_on": True, "authority": "", "passed_at": True}, "authority"),
        ({"passed_on": True, "authority": "the king", "passed_at": True}, "authority"),
        ({"passed_on": True, "authority": "police"}, "passed_at"),
        ({"passed_on": False, "why": "  "}, "why"),
        ({"passed_on": False, "why": "x" * 2001}, "why"),
        ({"passed_on": False, "why": "\x00"}, "why"),
    ],
)
def test_an_assessment_says_what_was_done(people, changes, path):
    found = danger()
    emergency.acknowledge(actor=people["senior"], emergency_ref=found.ref)
    given = {**changes}
    if given.get("passed_at"):
        given["passed_at"] = timezone.now()
    with pytest.raises(Invalid) as wrong:
        emergency.assess(actor=people["senior"], emergency_ref=found.ref, **given)
    assert [fault.path for fault in wrong.value.faults] == [path]
    ahead = timezone.now() + timedelta(hours=1)
    with pytest.raises(Invalid):
        emergency.assess(
            actor=people["senior"],
            emergency_ref=found.ref,
            passed_on=True,
            authority="police",
            passed_at=ahead,
        )


def test_nothing_is_assessed_before_somebody_looks_after_it(people):
    found = danger()
    with pytest.raises(Conflict):
        emergency.assess(actor=people["senior"], emergency_ref=found.ref, passed_on=False, why="No.")


def test_the_whole_way_at_the_desk(browser, people):
    found = danger()
    client = browser("holder")
    assert "nobody looks after it yet" in text(client.get("/desk/"))
    page = client.get(f"/desk/emergency/{found.ref}/")
    assert WHY_SENTINEL in text(page) and "sealed-place[.]example" in text(page)
    assert NAME_SENTINEL not in text(page) and EMAIL_SENTINEL not in text(page)
    assert set(Opened.objects.values_list("purpose", flat=True)) == {"emergency"}
    assert client.post(f"/desk/emergency/{found.ref}/acknowledge/").status_code == 302
    assert "nobody looks after it yet" not in text(client.get("/desk/"))
    wrong = client.post(f"/desk/emergency/{found.ref}/assess/", {"passed_on": "yes", "why": "I rang them."})
    assert wrong.status_code == 422 and "I rang them." in text(wrong)
    ill = client.post(f"/desk/emergency/{found.ref}/assess/", {"passed_on": "yes", "passed_at": "noon"})
    assert ill.status_code == 422 and "This is no moment" in text(ill)
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    sent = {"passed_on": "yes", "authority": "police", "passed_at": at, "why": "I rang them."}
    assert client.post(f"/desk/emergency/{found.ref}/assess/", sent).status_code == 302
    assert "the police" in text(client.get("/desk/emergencies/"))
    row = Emergency.objects.get()
    assert (row.state, row.passed_on, row.authority) == ("assessed", True, "police")
    again = client.post(f"/desk/emergency/{found.ref}/assess/", sent)
    assert again.status_code == 409


@pytest.mark.parametrize("name", ["publisher", "admin", "auditor"])
def test_other_roles_neither_see_nor_touch_it(browser, name):
    found = danger()
    client = browser(name)
    for path in ("emergencies/", f"emergency/{found.ref}/"):
        assert client.get(f"/desk/{path}").status_code == 403
    assert "nobody looks after it yet" not in text(client.get("/desk/"))


def test_whoever_is_involved_does_not_learn_of_it(browser, people):
    found = danger()
    CaseInvolved.objects.create(
        case=found.notice.items.get().case, user_id=people["senior"].user_id, kind="involved"
    )
    client = browser("senior")
    assert client.get(f"/desk/emergency/{found.ref}/").status_code == 404
    assert found.ref not in text(client.get("/desk/emergencies/"))
    assert "danger, and nobody" not in text(client.get("/desk/"))
    with pytest.raises(NotFound):
        emergency.acknowledge(actor=people["senior"], emergency_ref=found.ref)


def test_about_the_staff_it_goes_to_the_outside_and_not_to_those_on_duty(people):
    from fairnotice.cases.actions import trusted_people

    outside = "council@example.org"
    trusted_people.add_trusted_person(actor=people["admin"], label="works council", mailbox=outside)
    danger(staff_involved=True, email="")
    post = Post()
    runner.run_due(port=post)
    assert {str(letter["To"]) for letter in post.letters} == {outside}


def test_a_crowd_of_them_buries_nobody(settings):
    for number in range(emergency.MOST_ALERTS + 3):
        making.notice(f"https://forum.example.org/{number}", life_in_danger=True)
    assert Emergency.objects.filter(state="open").count() == emergency.MOST_ALERTS + 3
    assert EmergencyAlert.objects.exclude(channels=[]).count() == emergency.MOST_ALERTS


def test_where_nobody_is_named_it_still_waits_at_the_desk(settings, browser):
    settings.FN_EMERGENCY_CONTACTS = []
    danger()
    assert EmergencyAlert.objects.get().channels == []
    page = text(browser("holder").get("/desk/emergencies/"))
    assert "the settings name nobody" in page


def test_an_alert_to_somebody_who_is_no_longer_named_waits_for_a_person(settings):
    danger(email="")
    settings.FN_EMERGENCY_CONTACTS = []
    runner.run_due(port=Post())
    assert OutboxRow.objects.get(kind=emergency.MAIL).dead


def test_a_failing_mail_server_loses_no_alert(people):
    class Down:
        def send(self, letter):
            raise SendFailed("unreachable")

    found = danger(email="")
    runner.run_due(port=Down())
    row = OutboxRow.objects.get(kind=emergency.MAIL)
    assert (row.error_code, row.done_at) == ("unreachable", None)
    clock.tick(found.next_at)
    assert OutboxRow.objects.filter(kind=emergency.MAIL).count() == 2, "the next person is told all the same"


def test_every_door_can_say_it():
    """The form and the interface by a box of their own, the others by the kind of problem that was chosen."""
    from fairnotice.cases.drafts import DANGER_BY_PROBLEM, ItemDraft, NoticeDraft, says_danger
    from fairnotice.law.doors import DOORS

    life = next(problem.slug for problem in PROBLEMS if LIFE in problem.flags)
    for door in DOORS:
        assert says_danger(NoticeDraft([ItemDraft("x")], "other", life_in_danger=True), door), door
        said = says_danger(NoticeDraft([ItemDraft("x")], life, why="danger, danger"), door)
        assert said == (door in DANGER_BY_PROBLEM), door
        assert not says_danger(NoticeDraft([ItemDraft("x")], "other", why="They will kill me"), door), (
            "no words"
        )


def test_the_form_says_it_at_the_top_and_the_receipt_says_what_happens():
    page = text(Client().get("/report/"))
    assert page.index('name="life_in_danger"') < page.index("items-0-location")
    sent = {
        "items-0-location": "https://forum.example.org/1",
        "problem": "defamation",
        "why": "It says so.",
        "good_faith": "on",
        "life_in_danger": "on",
        "token": "t" * 24,
    }
    assert "a person is called" in text(Client().post("/report/review/", sent))
    done = text(Client().post("/report/send/", sent))
    assert "Your report stands before all others now" in done and "112" in done
    assert Notice.objects.get().life_in_danger and Emergency.objects.count() == 1


def test_the_interface_says_it(settings):
    body = {
        "items": [{"location": "https://forum.example.org/1"}],
        "problem": "defamation",
        "why": "It says so.",
        "good_faith": True,
        "life_in_danger": True,
    }
    answer = Client().post("/api/v1/notices", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert Emergency.objects.count() == 1


def test_no_crowd_holds_it_back(settings):
    settings.FN_FLOOD_PER_MINUTE = 1
    for number in range(3):
        sent = {
            "items-0-location": f"https://forum.example.org/{number}",
            "problem": "defamation",
            "why": "It says so.",
            "good_faith": "on",
            "life_in_danger": "on",
        }
        Client().post("/report/send/", sent)
    assert Emergency.objects.count() == 3


def test_an_erased_notice_stops_neither_the_clock_nor_the_assessment(people):
    found = danger()
    keys.destroy(found.notice.notifier_key)
    assert clock.tick(found.next_at)["escalated"] == 1
    emergency.acknowledge(actor=people["senior"], emergency_ref=found.ref)
    emergency.assess(actor=people["senior"], emergency_ref=found.ref, passed_on=False, why="Erased.")
    assert SealedValue.objects.filter(owner="emergency").count() == 0


def test_the_database_refuses_an_emergency_that_says_nothing(people):
    found = danger()
    for changes in (
        {"state": "acknowledged", "next_at": None},
        {"state": "assessed", "next_at": None, "acknowledged_by_id": people["senior"].user_id},
        {"next_at": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Emergency.objects.filter(pk=found.pk).update(**changes)


def test_no_module_of_it_looks_at_words():
    """What somebody wrote is sealed before anything of this runs, and nothing of this opens it but the page."""
    for name in ("actions/emergency.py", "../law/emergencies.py"):
        said = (Path(emergency.__file__).parent.parent / name).read_text("utf-8")
        assert "sealed.read" not in said and ".why" not in said.replace("draft.why", ""), name
