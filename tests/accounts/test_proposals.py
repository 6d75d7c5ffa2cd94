"""Accounts and roles change by two people, or by one and time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fairnotice.accounts import proposals
from fairnotice.accounts.actions import AccountError, add_user, close_account
from fairnotice.accounts.models import Proposal, RoleGrant, User
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import ADMIN, AUDITOR, PUBLISHER, REVIEWER, Actor, Forbidden
from fairnotice.ledger.models import Event
from tests.accounts import otp

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def one(name: str, *roles: str) -> User:
    return add_user(username=name, roles=roles)[0]


def kinds() -> list[str]:
    return list(Event.objects.exclude(kind="account.added").order_by("id").values_list("kind", flat=True))


def roles_of(name: str) -> set[str]:
    return set(RoleGrant.objects.filter(user__username=name).values_list("role", flat=True))


def propose(by: User, kind: str, about: str, *roles: str) -> Proposal:
    return proposals.propose(actor=by.actor(), kind=kind, sign_in=about, roles=roles)


def test_roles_are_given_by_two_and_each_act_is_one_event_that_names_nobody() -> None:
    first, second = one("first", ADMIN), one("second", ADMIN)
    one("sentinel-name", REVIEWER)
    made = propose(first, "give", "sentinel-name", PUBLISHER, REVIEWER)
    assert (made.due_at, made.roles) == (None, [PUBLISHER])
    assert roles_of("sentinel-name") == {REVIEWER}
    with pytest.raises(Refused, match="somebody else"):
        proposals.confirm(actor=first.actor(), ref=made.ref, version=1)
    proposals.confirm(actor=second.actor(), ref=made.ref, version=1)
    assert roles_of("sentinel-name") == {REVIEWER, PUBLISHER}
    assert kinds() == ["account.change_proposed", "account.change_confirmed"]
    events = Event.objects.filter(kind__startswith="account.change")
    assert [event.actor_id for event in events.order_by("id")] == [first.pk, second.pk]
    assert "sentinel" not in str([event.open for event in events])
    with pytest.raises(NotFound):
        proposals.confirm(actor=second.actor(), ref=made.ref, version=2)


def test_neither_whom_it_is_about_nor_another_role_can_be_the_second() -> None:
    first, second, third = one("first", ADMIN), one("second", ADMIN), one("third", ADMIN)
    made = propose(first, "take", "second", ADMIN)
    with pytest.raises(Refused, match="your own account"):
        proposals.confirm(actor=second.actor(), ref=made.ref, version=1)
    for act in (proposals.confirm, proposals.stop):
        with pytest.raises((Forbidden, NotFound)):
            act(actor=one(f"r-{act.__name__}", REVIEWER).actor(), ref=made.ref, version=1)
    with pytest.raises(Forbidden):
        propose(one("auditor", AUDITOR), "close", "first")
    proposals.confirm(actor=third.actor(), ref=made.ref, version=1)
    assert roles_of("second") == set()


def test_the_database_itself_refuses_one_person_as_two() -> None:
    first, second = one("first", ADMIN), one("second", ADMIN)
    made = propose(first, "close", "second")
    for by in (first, second, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=made.pk).update(state="confirmed", settled_by=by)


def test_alone_it_takes_a_day_and_can_be_stopped(settings) -> None:
    settings.FN_STAFF_CHANGE_HOURS = 24
    boss, person, auditor = one("boss", ADMIN), one("person", REVIEWER), one("auditor", AUDITOR)
    made = propose(boss, "give", "person", PUBLISHER)
    now = timezone.now()
    assert made.due_at is not None and timedelta(hours=23) < made.due_at - now <= timedelta(hours=24)
    assert proposals.tick(now + timedelta(hours=23)) == 0
    assert roles_of("person") == {REVIEWER}
    with pytest.raises(NotFound):
        proposals.stop(actor=one("other", REVIEWER).actor(), ref=made.ref, version=1)
    proposals.stop(actor=person.actor(), ref=made.ref, version=1)
    assert proposals.tick(now + timedelta(hours=25)) == 0
    again = propose(boss, "take", "person", REVIEWER)
    proposals.stop(actor=auditor.actor(), ref=again.ref, version=1)
    third = propose(boss, "take", "person", REVIEWER)
    assert proposals.tick(now + timedelta(hours=25)) == 1
    assert roles_of("person") == set()
    assert Proposal.objects.get(pk=third.pk).state == "effective"
    assert kinds()[-2:] == ["account.change_proposed", "account.change_effective"]
    assert proposals.tick(now + timedelta(hours=26)) == 0


def test_where_the_second_administrator_goes_a_change_gets_its_time() -> None:
    first, second = one("first", ADMIN), one("second", ADMIN)
    one("person")
    made = propose(first, "give", "person", REVIEWER)
    now = timezone.now()
    assert proposals.tick(now) == 0 and Proposal.objects.get(pk=made.pk).due_at is None
    close_account(user=second)
    assert proposals.tick(now) == 0
    found = Proposal.objects.get(pk=made.pk)
    assert found.due_at == now + timedelta(hours=24)
    with pytest.raises(Conflict):
        proposals.stop(actor=first.actor(), ref=made.ref, version=1)
    assert proposals.tick(now + timedelta(hours=24)) == 1
    assert roles_of("person") == {REVIEWER}


def test_what_fits_no_more_is_void() -> None:
    boss, person = one("boss", ADMIN), one("person", REVIEWER)
    made = propose(boss, "give", "person", PUBLISHER)
    close_account(user=person)
    assert proposals.tick(timezone.now() + timedelta(hours=25)) == 0
    assert Proposal.objects.get(pk=made.pk).state == "void"
    assert kinds()[-1] == "account.change_void"


@pytest.mark.parametrize(
    ("kind", "about", "roles"),
    [
        ("open", "two words", []), ("open", "boss", []), ("open", "", []), ("close", "nobody", []),
        ("give", "boss", [ADMIN]), ("give", "boss", []), ("take", "person", [PUBLISHER]),
        ("take", "boss", [ADMIN]), ("close", "boss", []), ("factor", "person", []),
        ("give", "person", ["emperor"]), ("promote", "person", []),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(kind: str, about: str, roles: list[str]) -> None:
    boss = one("boss", ADMIN)
    one("person", REVIEWER)
    with pytest.raises((AccountError, Refused)) as refused:
        propose(boss, kind, about, *roles)
    assert str(refused.value)
    assert not Proposal.objects.exists()
    assert kinds() == []


def test_an_account_is_opened_by_two_and_gets_its_password_once() -> None:
    first, second = one("first", ADMIN), one("second", ADMIN)
    made = propose(first, "open", "newcomer", REVIEWER)
    with pytest.raises(Refused):
        propose(first, "open", "newcomer")
    assert not User.objects.filter(username="newcomer").exists()
    proposals.confirm(actor=second.actor(), ref=made.ref, version=1)
    user = User.objects.get(username="newcomer")
    assert roles_of("newcomer") == {REVIEWER} and not user.has_usable_password()
    password = proposals.issue_password(actor=first.actor(), number=user.pk)
    assert User.objects.get(pk=user.pk).check_password(password)
    with pytest.raises(Refused, match="has a password"):
        proposals.issue_password(actor=first.actor(), number=user.pk)
    with pytest.raises(NotFound):
        proposals.issue_password(actor=first.actor(), number=0)
    with pytest.raises(Forbidden):
        proposals.issue_password(actor=Actor(user.pk, frozenset({REVIEWER})), number=user.pk)
    assert kinds()[-1] == "account.password_issued"


def test_password_and_second_factor_are_reset_by_two_which_signs_out() -> None:
    first, second = one("first", ADMIN), one("second", ADMIN)
    client, user, password = otp.somebody("person", REVIEWER)
    otp.set_up_app(client, password)
    made = propose(first, "factor", "person")
    assert client.get("/desk/").status_code == 200
    proposals.confirm(actor=second.actor(), ref=made.ref, version=1)
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/desk/").status_code == 302
    cache.clear()
    assert client.post(otp.LOGIN, {"login": "person", "password": password})["Location"] == "/desk/"
    made = propose(first, "password", "person")
    proposals.confirm(actor=second.actor(), ref=made.ref, version=1)
    assert client.get("/desk/").status_code == 302
    assert client.post(otp.LOGIN, {"login": "person", "password": password}).status_code == 200


def test_the_pages_lead_through_it() -> None:
    first, _, _ = otp.somebody("first", ADMIN)
    second, _, _ = otp.somebody("second", ADMIN)
    reviewer, user, _ = otp.somebody("person", REVIEWER)
    assert reviewer.get("/desk/staff/").status_code == 403
    page = first.get("/desk/staff/propose/?sign_in=person&kind=give").content.decode()
    assert 'value="person"' in page
    wrong = first.post("/desk/staff/propose/", {"kind": "give", "sign_in": "nobody", "roles": [PUBLISHER]})
    assert wrong.status_code == 422 and "There is no open account" in wrong.content.decode()
    sent = {"kind": "give", "sign_in": "person", "roles": [PUBLISHER]}
    assert first.post("/desk/staff/propose/", sent)["Location"] == "/desk/staff/"
    made = Proposal.objects.get()
    shown = first.get("/desk/staff/").content.decode()
    assert "person" in shown and f"{made.ref}/confirm/" not in shown
    assert f"{made.ref}/confirm/" in second.get("/desk/staff/").content.decode()
    mine = first.post(f"/desk/staff/change/{made.ref}/confirm/", {"version": 1})
    assert mine.status_code == 409 and "You proposed this yourself" in mine.content.decode()
    done = second.post(f"/desk/staff/change/{made.ref}/confirm/", {"version": 1}, follow=True)
    assert "It is in effect" in done.content.decode()
    assert reviewer.get("/desk/").status_code == 302, "new roles begin with a new sign-in"
    for version in ("", "x", "9" * 30):
        assert second.post(f"/desk/staff/change/{made.ref}/stop/", {"version": version}).status_code == 404
    assert second.post(f"/desk/staff/change/{made.ref}/stop/", {"version": 2}).status_code == 404
    User.objects.filter(pk=user.pk).update(password="!")
    given = first.post(f"/desk/staff/{user.pk}/password/")
    assert given.status_code == 200 and "shown only now" in given.content.decode()
    assert first.post(f"/desk/staff/{user.pk}/password/").status_code == 409


def test_whom_it_is_about_is_told_and_can_stop_it() -> None:
    boss = one("boss", ADMIN)
    client, _, _ = otp.somebody("person", REVIEWER)
    made = propose(boss, "close", "person")
    page = client.get(otp.SAFETY).content.decode()
    assert "Your account would be closed." in page and made.ref in page
    assert "Your account: a change waits" in client.get("/desk/").content.decode()
    stranger, _, _ = otp.somebody("stranger", REVIEWER)
    assert stranger.post(f"{otp.SAFETY}stop/{made.ref}/", {"version": 1}).status_code == 404
    assert client.post(f"{otp.SAFETY}stop/{made.ref}/", {"version": 1})["Location"] == otp.SAFETY
    assert Proposal.objects.get().state == "stopped"
    assert made.ref not in client.get(otp.SAFETY).content.decode()


def test_an_auditor_reads_the_page_and_changes_nothing() -> None:
    one("boss", ADMIN)
    client, _, _ = otp.somebody("auditor", AUDITOR)
    page = client.get("/desk/staff/").content.decode()
    assert "boss" in page and "Propose a change" not in page
    assert client.get("/desk/staff/propose/").status_code == 403


def test_a_visitor_is_led_to_sign_in() -> None:
    assert Client().get("/desk/staff/").status_code == 302
