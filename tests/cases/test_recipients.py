"""Whom a report can go to: up the chain, past whoever runs the site, never to us, a registry, or anybody whom the
public may not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.answerable.chains import Chain, ContactPoint, Link
from fairnotice.answerable.resources import parse
from fairnotice.cases.recipients import recipients, site_operator

MAIL = ("mail", "xarf", "arf")


def link(handle: str, kind: str = "hosting", *, at: str = "", public: bool = True, **more) -> Link:
    contacts = (ContactPoint("mail", at or f"abuse@{handle.lower()}.example"),)
    values = {"contacts": contacts, "visibility": "public" if public else "private", **more}
    return Link(handle, f"{handle} Ltd", kind, "forum.example.org", **values)


def chain(*links: Link, target: str = "https://forum.example.org/post/7") -> Chain:
    return Chain(at=date(2026, 3, 4), target=parse(target), links=links)


def asked(found: Chain, *, own: str = "", past_site: bool = False, above_us: bool = False) -> list[str]:
    chosen = recipients(
        found, own=own, past_site=past_site, above_us=above_us, usable=lambda point: point.channel in MAIL
    )
    return [one.link.handle for one in chosen]


REGISTRY = link("REGISTRY", "registrar", registry=True)
REGISTRAR = link("REGISTRAR", "registrar")
HOST = link("HOST")
FORUM = link("FORUM")
WAY = chain(REGISTRY, REGISTRAR, HOST, FORUM)


def test_the_nearest_is_asked_first_and_the_registry_never():
    assert asked(WAY) == ["FORUM", "HOST", "REGISTRAR"]


def test_whoever_runs_the_site_is_passed_by():
    assert asked(WAY, past_site=True) == ["HOST", "REGISTRAR"]
    reasons = [
        one.reason for one in recipients(WAY, own="", past_site=True, above_us=False, usable=lambda p: True)
    ]
    assert reasons == ["past_site", "above"]


@pytest.mark.parametrize(
    ("links", "runs"),
    [
        # A customer of the hosting, below its host, a reseller, or somebody who passed the name on.
        ((REGISTRAR, HOST, FORUM), "FORUM"),
        ((REGISTRAR, link("R", "reseller"), FORUM), "FORUM"),
        ((link("R", "unrecorded"), FORUM), "FORUM"),
        # Nobody passed the hosting on: the last one is the host itself.
        ((HOST,), None),
        ((REGISTRAR, HOST), None),
        ((REGISTRAR, link("CDN", "cdn"), HOST), None),
        ((REGISTRAR,), None),
        ((REGISTRAR, link("CDN", "cdn")), None),
        # Whoever uses addresses may run what is on them; whoever was given them to hand on does not.
        ((link("LIR", "allocation"), link("USER", "assignment")), "USER"),
        ((link("LIR", "allocation"), link("USER", "lease")), "USER"),
        ((link("LIR", "allocation"), link("USER", "sublease")), "USER"),
        ((link("LIR", "allocation"), link("SUB", "sub-allocation")), None),
        ((link("LIR", "allocation"),), None),
        # A mailbox at the reported name gives it away, whatever the records say.
        ((REGISTRAR, link("SELF", at="abuse@example.org")), "SELF"),
        ((link("SELF", "registrar", at="abuse@mail.forum.example.org"), HOST), "SELF"),
    ],
)
def test_who_runs_the_site(links, runs):
    found = site_operator(chain(*links))
    assert (found.handle if found else None) == runs


def test_nobody_below_the_operator_of_the_site_is_asked_either():
    at_the_place = link("SELF", "registrar", at="abuse@example.org")
    assert asked(chain(REGISTRAR, at_the_place, HOST), past_site=True) == ["REGISTRAR"]


def test_a_mailbox_that_whoever_runs_the_site_reads_too_is_no_way_around_them():
    shared = link("HOST", at="Abuse@forum-team.example")
    forum = link("FORUM", at="abuse@forum-team.example")
    assert asked(chain(REGISTRAR, shared, forum), past_site=True) == ["REGISTRAR"]
    assert asked(chain(REGISTRAR, shared, forum)) == ["FORUM", "REGISTRAR"], "one letter for one mailbox"


def test_a_private_operator_is_passed_by_and_not_named():
    forum = link("FORUM", public=False)
    for past_site in (False, True):
        assert asked(chain(REGISTRAR, HOST, forum), past_site=past_site) == ["HOST", "REGISTRAR"]


def test_what_lies_below_a_private_part_is_not_named():
    assert asked(chain(REGISTRAR, replace(HOST, visibility="private"), FORUM)) == ["REGISTRAR"]


def test_what_is_ours_goes_nowhere():
    assert asked(chain(REGISTRAR, HOST), own="HOST") == []
    silent = replace(HOST, contacts=())
    assert asked(chain(REGISTRAR, silent), own="HOST") == [], "also where we have no contact of our own"


def test_what_is_our_customers_goes_to_them_and_no_further_than_to_us():
    assert asked(WAY, own="HOST") == ["FORUM"]
    assert asked(WAY, own="HOST", past_site=True) == [], "the host above the site is us"


def test_about_ourselves_those_above_us_are_named_where_nobody_should_have_to_trust_us_alone():
    assert asked(chain(REGISTRAR, HOST), own="HOST", above_us=True) == ["REGISTRAR"]
    assert asked(WAY, own="FORUM", above_us=True, past_site=True) == ["HOST", "REGISTRAR"]


def test_a_contact_that_no_program_can_write_to_is_passed_over():
    form = replace(HOST, contacts=(ContactPoint("form", "https://host.example/abuse", verified=True),))
    assert asked(chain(REGISTRAR, form, FORUM)) == ["FORUM", "REGISTRAR"]
    both = replace(form, contacts=(*form.contacts, ContactPoint("mail", "abuse@host.example")))
    assert asked(chain(REGISTRAR, both)) == ["HOST", "REGISTRAR"]
    bad = replace(HOST, contacts=(ContactPoint("mail", "abuse@host.example", known_bad=True),))
    assert asked(chain(REGISTRAR, bad)) == ["REGISTRAR"]


def test_what_names_no_place_goes_nowhere():
    assert asked(Chain(at=date(2026, 3, 4), problem="no place")) == []


KINDS = st.sampled_from(
    ["allocation", "registrar", "reseller", "cdn", "hosting", "lease", "assignment", "unrecorded"]
)


@st.composite
def chains(draw):
    handles = draw(st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=6))
    links = [
        link(
            handle,
            draw(KINDS),
            at=draw(st.sampled_from(["", "abuse@example.org", "abuse@shared.example"])),
            public=draw(st.booleans()),
            registry=draw(st.booleans()),
        )
        for handle in handles
    ]
    return chain(*links)


@given(chains(), st.sampled_from(["", "A", "B"]), st.booleans(), st.booleans())
def test_whatever_the_chain_nobody_is_told_who_must_not_be(found, own, past_site, above_us):
    chosen = recipients(found, own=own, past_site=past_site, above_us=above_us, usable=lambda point: True)
    handles = [one.link.handle for one in chosen]
    order = [one.handle for one in found.links]
    assert handles == sorted(handles, key=lambda handle: -order.index(handle)), "from the item up"
    assert len({one.point.address for one in chosen}) == len(chosen)
    public = {one.handle for one in found.public().links}
    for one in chosen:
        assert one.link.handle != own and not one.link.registry and one.link.handle in public
    runs = site_operator(found)
    if past_site and runs is not None:
        at = order.index(runs.handle)
        kept = {point.address for below in found.links[at:] for point in below.contacts}
        assert all(order.index(handle) < at for handle in handles)
        assert not kept & {one.point.address for one in chosen}
