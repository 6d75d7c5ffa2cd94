"""Opening, changing and closing accounts."""

import re

import pytest
from django.db import IntegrityError, transaction

from fairnotice.accounts.actions import (
    AccountError,
    add_user,
    close_account,
    grant_roles,
    new_password,
    renew_password,
    revoke_roles,
)
from fairnotice.accounts.models import RoleGrant, User
from fairnotice.cases.permissions import REVIEWER, ROLES, SENIOR, Actor
from fairnotice.ledger.models import Event

pytestmark = pytest.mark.usefixtures("fn_db")
NAME = "sentinel-sign-in-name"


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_an_account_has_a_password_that_opens_it_and_its_roles():
    user, password = add_user(username=NAME, roles=[REVIEWER, SENIOR, REVIEWER])
    found = User.objects.get(username=NAME)
    assert found.check_password(password)
    assert found.role_names == {REVIEWER, SENIOR}
    assert found.actor() == Actor(user_id=user.pk, roles=frozenset({REVIEWER, SENIOR}))


def test_an_account_is_one_event_that_names_nobody():
    add_user(username=NAME, roles=[SENIOR, REVIEWER], actor_id=7)
    event = Event.objects.get()
    assert (event.kind, event.actor_id) == ("account.added", 7)
    assert event.open == {"roles": [REVIEWER, SENIOR]}
    assert NAME not in str({**event.open, **event.personal})


def test_a_name_that_is_taken_or_not_allowed_changes_nothing():
    add_user(username=NAME, roles=[])
    for name in (NAME, "two words", "", "x" * 151):
        with pytest.raises(AccountError) as refused:
            add_user(username=name, roles=[REVIEWER])
        assert str(refused.value)
    assert User.objects.count() == 1
    assert not RoleGrant.objects.exists()
    assert kinds() == ["account.added"]


def test_a_role_that_does_not_exist_is_refused_by_action_and_database():
    with pytest.raises(AccountError, match="There is no role emperor"):
        add_user(username=NAME, roles=["emperor"])
    assert not User.objects.exists()
    user = User.objects.create_user(NAME)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="emperor")
    RoleGrant.objects.create(user=user, role=REVIEWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=REVIEWER)


def test_roles_are_given_and_taken_and_only_a_change_is_an_event():
    user, _ = add_user(username=NAME, roles=[REVIEWER])
    assert user.role_names == {REVIEWER}
    assert grant_roles(user=user, roles=[REVIEWER, SENIOR]) == [SENIOR]
    assert user.role_names == {REVIEWER, SENIOR}
    assert grant_roles(user=user, roles=[SENIOR]) == []
    assert revoke_roles(user=user, roles=[REVIEWER]) == [REVIEWER]
    assert revoke_roles(user=user, roles=[REVIEWER]) == []
    assert user.role_names == {SENIOR}
    assert kinds() == ["account.added", "account.roles_granted", "account.roles_revoked"]


def test_a_renewed_password_replaces_the_old_one():
    user, old = add_user(username=NAME, roles=[])
    new = renew_password(user=user)
    found = User.objects.get(pk=user.pk)
    assert found.check_password(new)
    assert not found.check_password(old)
    assert kinds()[-1] == "account.password_renewed"


def test_a_closed_account_stays_as_a_row_and_closes_once():
    user, _ = add_user(username=NAME, roles=[REVIEWER])
    assert close_account(user=user) is True
    assert close_account(user=user) is False
    assert User.objects.get(pk=user.pk).is_active is False
    assert kinds() == ["account.added", "account.closed"]


def test_an_account_holds_nothing_more_about_a_person():
    columns = {field.name for field in User._meta.concrete_fields}
    assert columns == {"id", "username", "password", "is_active"}


def test_passwords_are_easy_to_copy_and_differ():
    found = {new_password() for _ in range(100)}
    assert len(found) == 100
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}", each) for each in found)


def test_every_role_can_be_given():
    user, _ = add_user(username=NAME, roles=ROLES)
    assert user.role_names == frozenset(ROLES)
