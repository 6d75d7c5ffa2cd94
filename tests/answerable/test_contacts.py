"""Whom a notice is addressed to: nearest first, never a dead mailbox, never the registry."""

from __future__ import annotations

from datetime import date

import pytest

from fairnotice.answerable.actions.contacts import mark_contact
from fairnotice.answerable.chains import Chain
from fairnotice.answerable.lookup import find
from tests.answerable.register import contact, plant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _network() -> None:
    plant("192.0.0.0/8", "LIR", giver="REGISTRY")
    plant("192.0.2.0/24", "HOST", giver="LIR", kind="assignment")
    plant("192.0.2.0/26", "SHOP", giver="HOST", kind="lease")
    contact("REGISTRY", "abuse@registry.example")


def chain() -> Chain:
    return find("192.0.2.1", date(2025, 6, 1))


def address() -> str | None:
    found = chain().contact
    return found.address if found else None


def test_own_then_organisation_then_the_next_less_specific() -> None:
    contact("LIR", "abuse@lir.example")
    assert address() == "abuse@lir.example"
    contact("HOST", "abuse@host.example")
    assert address() == "abuse@host.example"
    assert "SHOP Ltd has no contact here, so HOST Ltd above it is named." in chain().reason
    contact("SHOP", "abuse@shop.example")
    assert address() == "abuse@shop.example"
    assert "general contact" in chain().reason
    contact("SHOP", "range@shop.example", own="192.0.2.0/26")
    assert address() == "range@shop.example"
    assert "named a contact for it" in chain().reason


def test_a_contact_of_another_resource_is_not_used() -> None:
    contact("SHOP", "elsewhere@shop.example", own="198.51.100.0/24")
    contact("HOST", "abuse@host.example")
    assert address() == "abuse@host.example"


def test_a_contact_in_another_role_is_not_used() -> None:
    contact("SHOP", "legal@shop.example", role="legal")
    contact("HOST", "abuse@host.example")
    assert address() == "abuse@host.example"


def test_where_the_mailbox_is_known_bad_the_organisation_above_is_named() -> None:
    contact("HOST", "abuse@host.example")
    contact("SHOP", "abuse@shop.example", bad=True)
    assert address() == "abuse@host.example"
    assert "known not to work, so HOST Ltd above it is named" in chain().reason


def test_a_bad_mailbox_of_the_range_leaves_the_good_one_of_its_organisation() -> None:
    contact("SHOP", "range@shop.example", own="192.0.2.0/26", bad=True)
    contact("SHOP", "abuse@shop.example")
    assert address() == "abuse@shop.example"


def test_the_registry_is_never_named() -> None:
    assert [link.registry for link in chain().links] == [True, False, False, False]
    assert address() is None
    assert "No working contact is recorded below the registry." in chain().reason
    contact("SHOP", "abuse@shop.example", bad=True)
    contact("LIR", "abuse@lir.example", bad=True)
    assert address() is None


def test_a_verified_contact_goes_before_an_unverified_one() -> None:
    contact("SHOP", "a@shop.example")
    mark_contact(actor_id=None, contact_id=contact("SHOP", "b@shop.example").pk, works=True)
    assert address() == "b@shop.example"
