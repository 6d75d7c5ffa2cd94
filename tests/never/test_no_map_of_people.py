"""The register of who is answerable cannot become a map of people, nor of who holds what."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import get_resolver, path

from fairnotice.answerable import queries
from fairnotice.answerable.models import Contact, Delegation, Organisation
from fairnotice.cases.permissions import ROLES, ROUTES
from fairnotice.review.forms.network import OrganisationForm
from fairnotice.review.forms.network_delegations import DelegationForm
from tests.answerable.register import contact, hold, provider
from tests.cases import making
from tests.never import walking
from tests.site.routes import all_routes

pytestmark = pytest.mark.usefixtures("fn_db")

CUSTOMERS = {"customer", "customers", "subscriber", "subscribers", "tenant", "tenants", "client", "clients", "user", "users",
             "employee", "person", "persons", "firstname", "lastname", "street", "birth"}  # fmt: skip
# One letter goes to a program of the operator's, which says only whether it was delivered; nobody is shown.
HANDS_ON = "desk/item/<str:ref>/customer/ desk-item-customer"
# Whoever has a token is called a client. Their pages show tokens, a status and counts, and nobody's resources.
WITH_TOKENS = {
    "desk-clients", "desk-client", "desk-client-add", "desk-client-close", "desk-token-add", "desk-trusted-record",
    "desk-trusted-end",
}  # fmt: skip
# From an organisation to what it holds.
REVERSE = {
    "holdings",
    "resources",
    "prefixes",
    "networks",
    "holds",
    "heldby",
    "inventory",
    "portfolio",
    "reverse",
}
# Addresses and names that only FOREIGN-1 and who stands below it have.
FOREIGN = ("203.0.113", "foreign.example", "FOREIGN-SUB")


@pytest.fixture
def register(settings) -> None:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    provider()
    hold("203.0.113.0/25", "FOREIGN-SUB", giver="FOREIGN-1", kind="lease", public=False)
    hold("foreign.example", "FOREIGN-1", kind="registrar")
    contact("FOREIGN-1", "abuse@example.org", own="203.0.113.0/24")


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=making.account("map", *ROLES).user_id))
    return client


def foreign_in(answer: Any) -> list[str]:
    page = answer.content.decode()
    return [words for words in FOREIGN if words in page]


def test_no_column_and_no_field_for_a_private_customer() -> None:
    models = apps.get_app_config("answerable").get_models()
    names = [name for model in models for name, _ in walking.columns([model])]
    names += [*OrganisationForm.base_fields, *DelegationForm.base_fields]
    assert len(names) > 40
    assert walking.bad_names(names, CUSTOMERS | walking.PHONES | walking.IDENTITY_PAPERS) == []


def test_only_who_is_public_or_agreed_is_listed() -> None:
    assert set(Organisation.Basis.values) == {"registry", "agreed"}
    for basis in ("customer", "", "private"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(handle="X-1", basis=basis)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO answerable_organisation (handle, basis) VALUES ('X-2', 'customer')")
    assert not Organisation.objects.exists()


def test_a_contact_is_a_role_and_never_a_named_person() -> None:
    assert set(Contact.Role.values) == {"abuse", "technical", "legal"}
    assert "name" not in {field.name for field in Contact._meta.fields}


def test_what_is_not_said_to_be_public_is_private(admin: Client, register: None) -> None:
    assert Delegation._meta.get_field("visibility").default == "private"
    assert DelegationForm().fields["visibility"].initial == "private"
    sent = {"kind": "lease", "resource": "198.51.100.128/25", "from_handle": "OWN-1", "holder": "LEASE-1",
            "valid_from": "2024-01-01", "visibility": "private"}  # fmt: skip
    assert admin.post("/desk/network/delegation/add/", sent).status_code == 302
    assert Delegation.objects.latest("pk").visibility == "private"


def _reverse(found: list[str]) -> list[str]:
    bad = walking.bad_names(found, CUSTOMERS | REVERSE)
    return [one for one in bad if one.split()[-1] not in WITH_TOKENS]


def test_no_route_leads_from_an_organisation_to_what_it_holds() -> None:
    found = [route for route in walking.routes(get_resolver().url_patterns) if "desk/" in route]
    assert len(found) > 40
    assert [one for one in _reverse(found) if one != HANDS_ON] == [] and _reverse(list(ROUTES)) == [
        HANDS_ON.split()[1]
    ]
    for where in (
        "desk/organisation/<int:n>/holdings/",
        "desk/organisation/<int:n>/resources/",
        "desk/customers/",
    ):
        assert _reverse(list(walking.routes([path(where, lambda request: None)])))  # type: ignore[arg-type, return-value]


def _public_queries() -> Iterator[Callable[..., Any]]:
    for module in pkgutil.iter_modules(queries.__path__):
        loaded = import_module(f"{queries.__name__}.{module.name}")
        for name, query in inspect.getmembers(loaded, inspect.isfunction):
            if query.__module__ == loaded.__name__ and name[0] != "_":
                yield query


def _asks_what_somebody_holds(found: list[Callable[..., Any]]) -> list[str]:
    """Queries that take an organisation and give delegations or resources."""
    bad = []
    for query in found:
        signature = inspect.signature(query)
        asked = [
            name
            for name, one in signature.parameters.items()
            if "Organisation" in str(one.annotation)
            or walking.bad_names([name], {"handle", "holder", "owner", "giver"})
        ]
        gives = re.search(
            r"Delegation|Resource|Shown\b|Network|Report|Target|Chain", str(signature.return_annotation)
        )
        if asked and gives:
            bad.append(query.__name__)
    return bad


def test_no_query_is_asked_what_an_organisation_holds() -> None:
    found = list(_public_queries())
    assert len(found) > 20
    assert _asks_what_somebody_holds(found) == []

    def held_by(one: Organisation) -> list[Delegation]:
        return []

    def of(handle: str) -> list[Delegation]:
        return []

    assert len(_asks_what_somebody_holds([held_by, of])) == 2


def test_no_page_about_an_organisation_says_what_it_holds(admin: Client, register: None) -> None:
    """Every page that opens with an organisation's number, and the lists of organisations, in every way to ask."""
    foreign = Organisation.objects.get(handle="FOREIGN-1")
    asked = 0
    for _name, where in all_routes():
        if "organisation" not in where:
            continue
        where = where.replace("/organisation/1/", f"/organisation/{foreign.pk}/")
        for query in ({}, {"search": "FOREIGN-1"}, {"known_on": "2030-01-01"}, {"page": "1"}):
            found = foreign_in(admin.get(where, query))
            assert [
                words for words in found if words != "FOREIGN-SUB" or "organisations" not in where
            ] == [], where
            asked += 1
    assert asked >= 20


def test_overview_self_check_and_files_show_our_own_network_alone(admin: Client, register: None) -> None:
    foreign = Organisation.objects.get(handle="FOREIGN-1")
    own = [where for name, where in all_routes() if name.startswith("desk-network")]
    assert len(own) == 5
    tries: tuple[dict[str, str], ...] = ({}, {"organisation": "FOREIGN-1"}, {"handle": "FOREIGN-1"}, {"own_organisation": "FOREIGN-1"},
             {"number": str(foreign.pk)}, {"search": "FOREIGN-1"})  # fmt: skip
    for where in own:
        for query in tries:
            answer = admin.get(where, query)
            assert answer.status_code == 200 and foreign_in(answer) == [], (where, query)
            assert "198.51.100.0/25" in answer.content.decode()


def test_the_operator_of_another_site_sees_theirs_alone(admin: Client, register: None, settings) -> None:
    settings.FN_OWN_ORGANISATION = "FOREIGN-1"
    for name, where in all_routes():
        if name.startswith("desk-network"):
            page = admin.get(where).content.decode()
            assert "203.0.113.0/25" in page and "198.51.100" not in page, where


def test_no_page_of_the_network_is_open_to_the_public(register: None) -> None:
    for name, where in all_routes():
        if "/desk/network" in where:
            answer = Client().get(where)
            assert answer.status_code == 302 and "login" in answer["Location"], name
