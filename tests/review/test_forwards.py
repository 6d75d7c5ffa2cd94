"""The desk's part in forwarded notices: what it sees, reminds, stops, records, and passes to a customer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from django.test import Client

from fairnotice.accounts.models import User
from fairnotice.cases.actions import clock, forward_customer, forward_reply
from fairnotice.cases.actions import forward as forward_actions
from fairnotice.cases.models import Case, CustomerLetter, ForwardAnswer
from fairnotice.cases.queries import forwards
from fairnotice.delivery import customer_hook
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.vault import codes
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making, network
from tests.fault.mailserver import post_office

pytestmark = pytest.mark.usefixtures("fn_db")


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=making.account(f"somebody-{role}", role).user_id))
    return client


@pytest.fixture
def case() -> Case:
    """A case whose notice was forwarded to HOST-1."""
    network.network()
    sent = network.notice()
    network.confirmed(sent, "HOST-1", "REGISTRAR-1")
    with post_office() as (port, _post):
        run_due(port=network.smtp(port))
    return making.case_of(sent)


def page(client: Client, case: Case) -> str:
    answer = client.get(f"/desk/case/{case.ref}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_case_shows_who_was_asked_and_the_list_when_they_answer(case: Case) -> None:
    reviewer = signed_in("reviewer")
    shown = page(reviewer, case)
    for expected in ("HOST-1 Ltd", "Sent", "delivered", "place and kind", "Remind HOST-1 Ltd now"):
        assert expected in shown
    assert network.HOST_DESK not in shown or "Abuse contact" in shown
    listed = reviewer.get("/desk/forwards/").content.decode()
    assert "HOST-1 Ltd" in listed and case.ref in listed and "FORUM-1" not in listed
    assert "FORUM-1 Ltd" in reviewer.get("/desk/forwards/?state=proposed").content.decode()
    assert "HOST-1" not in page(signed_in("auditor"), case), "a name leads to the place"


def test_a_reminder_by_hand_goes_out_once_at_a_time(case: Case) -> None:
    reviewer = signed_in("reviewer")
    ref = network.of("HOST-1").forward.ref
    for _press in range(2):
        assert reviewer.post(f"/desk/forward/{ref}/remind/").status_code == 302
    assert OutboxRow.objects.filter(kind="forward-mail", done_at=None).count() == 1
    assert network.states()["HOST-1"] == "reminded"
    assert Event.objects.filter(kind="forward.reminded").count() == 1
    assert signed_in("publisher").post(f"/desk/forward/{ref}/remind/").status_code == 403


def test_stopping_ends_it_for_everybody(case: Case) -> None:
    reviewer = signed_in("reviewer")
    ref = network.of("HOST-1").forward.ref
    reviewer.post(f"/desk/forward/{ref}/remind/")
    reviewer.post(f"/desk/forward/{ref}/stop/")
    assert set(network.states().values()) == {"stopped"}
    assert not OutboxRow.objects.filter(kind="forward-mail", done_at=None).exists()
    again = reviewer.post(f"/desk/forward/{ref}/stop/", follow=True)
    assert "Nothing is running here" in again.content.decode()


def test_an_answer_by_telephone_is_recorded_and_read_by_the_notifier(case: Case) -> None:
    reviewer = signed_in("reviewer")
    ref = network.of("HOST-1").forward.ref
    where = f"/desk/forward/{ref}/answer/"
    assert reviewer.get(where).status_code == 200
    assert reviewer.post(where, {"status": ""}).status_code == 422
    assert reviewer.post(where, {"status": "answered", "text": "x" * 5001}).status_code == 422
    done = reviewer.post(where, {"status": "answered", "text": "They took it down."}, follow=True)
    assert "They took it down." in done.content.decode()
    given = ForwardAnswer.objects.get()
    assert (given.door, given.recorded_by_id is not None) == ("desk", True)
    late = reviewer.post(where, {"status": "taken"}, follow=True)
    assert "no longer needed" in late.content.decode() and ForwardAnswer.objects.count() == 1


def test_a_code_in_an_answer_is_for_the_notifier_alone(case: Case) -> None:
    """A service that decided a forwarded notice sends the code that opens its decision."""
    code = codes.show(codes.new_code())
    status = network.of("HOST-1")
    forward_actions.record_from_mail(status=status, answer="answered", text=f"Decided. Your code: {code}.")
    shown = page(signed_in("reviewer"), case)
    assert "Decided. Your code: ·····." in shown and code not in shown
    assert forwards.answer_texts([status]) == {status.pk: [f"Decided. Your code: {code}."]}


def hook(folder: Path, body: str) -> str:
    """A program of the operator's, as a command line."""
    program = folder / "hook with blanks.py"
    program.write_text(body)
    return f"{sys.executable} '{program}' --queue customers"


KEEPS = """import os, sys
folder = os.path.dirname(sys.argv[0])
open(os.path.join(folder, "letter"), "w").write(sys.stdin.read() + repr(sorted(os.environ)) + repr(sys.argv[1:]))
print("what it prints is read by nobody")
"""


def test_an_item_is_passed_to_the_customer_through_the_operators_own_program(
    case: Case, settings, tmp_path
) -> None:
    reviewer = signed_in("reviewer")
    item = case.items.get()
    assert "Pass it to the customer" not in page(reviewer, case), "no program is set up"
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, KEEPS)
    assert "Pass it to the customer" in page(reviewer, case)
    reviewer.post(f"/desk/item/{item.ref}/customer/")
    assert "on its way already" in reviewer.post(f"/desk/item/{item.ref}/customer/").content.decode()
    run_due(port=_Nowhere())
    letter = (tmp_path / "letter").read_text()
    assert network.PLACE in letter and "stole money" not in letter and "notifier@" not in letter
    assert "FAIRNOTICE" not in letter and "['--queue', 'customers']" in letter
    assert CustomerLetter.objects.get().state == "delivered"
    assert "Letter to the customer" in page(reviewer, case)
    assert {"customer.asked", "customer.told"} <= set(Event.objects.values_list("kind", flat=True))


class _Nowhere:
    def send(self, letter: object) -> None:
        """Letters to the notifier are of no interest here."""


def test_a_customer_who_may_be_whom_it_is_about_is_not_told(settings, tmp_path) -> None:
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, KEEPS)
    settings.FN_OWN_ORGANISATION = "HOST-1"
    network.network()
    sent = making.notice(network.PLACE, problem="harassment")
    case, reviewer = making.case_of(sent), signed_in("reviewer")
    assert "Pass it to the customer" not in page(reviewer, case)
    answer = reviewer.post(f"/desk/item/{case.items.get().ref}/customer/")
    assert answer.status_code == 409 and not CustomerLetter.objects.exists()
    run_due(port=_Nowhere())
    assert not (tmp_path / "letter").exists()


@pytest.mark.parametrize(
    ("body", "code", "final"),
    [
        ("raise SystemExit(75)", "deferred", False),
        ("raise SystemExit(1)", "refused", True),
        ("import time; time.sleep(600)", "timeout", False),
    ],
)
def test_only_how_the_program_ended_is_looked_at(
    body: str, code: str, final: bool, settings, tmp_path
) -> None:
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, body)
    with pytest.raises(SendFailed) as failed:
        customer_hook.run("a letter", timeout=0.5 if code == "timeout" else 30)
    assert (failed.value.code, failed.value.final) == (code, final)


def test_a_program_that_is_not_there_or_reads_nothing(settings, tmp_path) -> None:
    settings.FN_CUSTOMER_HOOK = str(tmp_path / "none")
    with pytest.raises(SendFailed) as failed:
        customer_hook.run("a letter")
    assert failed.value.code == "misconfigured"
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, "pass")
    customer_hook.run("a letter " * 100_000)
    settings.FN_CUSTOMER_HOOK = f"{os.devnull}; touch {tmp_path / 'shell'}"
    with pytest.raises(SendFailed):
        customer_hook.run("a letter")
    assert not (tmp_path / "shell").exists(), "no shell reads the command"


def test_a_letter_to_a_customer_that_is_given_up_is_said_so(case: Case, settings, tmp_path) -> None:
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, "raise SystemExit(1)")
    actor = making.account("r", "reviewer")
    letter = forward_customer.pass_to_customer(actor=actor, item_ref=case.items.get().ref)
    run_due(port=_Nowhere())
    letter.refresh_from_db()
    assert letter.state == "failed"
    second = forward_customer.pass_to_customer(actor=actor, item_ref=case.items.get().ref)
    OutboxRow.objects.filter(ref=second.ref).update(dead=True)
    clock.tick()
    second.refresh_from_db()
    assert second.state == "failed"


@pytest.mark.browser
def test_the_desks_pages_are_accessible(visit: Visit, case: Case, settings, tmp_path) -> None:
    settings.FN_CUSTOMER_HOOK = hook(tmp_path, KEEPS)
    ref = network.of("HOST-1").forward.ref
    letter = f"Subject: Re: {ref}\n\nThank you, ticket 4711 was opened."
    assert forward_reply.take_letter(raw=letter.encode()) == "kept"
    actor = making.account("r", "reviewer")
    forward_actions.record_by_hand(actor=actor, forward_ref=ref, status="taken", text="They look at it.")
    forward_customer.pass_to_customer(actor=actor, item_ref=case.items.get().ref)
    visit.client.force_login(User.objects.get(pk=actor.user_id))
    page = visit.page(f"/desk/case/{case.ref}/")
    no_fault(page, "desk-case-forwarded")
    assert page.get_by_role("link", name="Record an answer of HOST-1 Ltd").is_visible()
    for path in ("/desk/forwards/", f"/desk/forward/{ref}/answer/"):
        page.goto(BASE + path)
        no_fault(page, f"desk{path.replace('/', '-')}")
    assert visit.complaints == []
