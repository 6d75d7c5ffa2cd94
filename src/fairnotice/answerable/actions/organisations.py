"""Organisations: list one, say anew what it is called."""

from __future__ import annotations

import re

import ada_url
from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.answerable.actions.recording import close, moment, queue, tell
from fairnotice.answerable.errors import Changed, Fault, Unfit
from fairnotice.answerable.models import Change, Organisation, OrganisationVersion
from fairnotice.ledger import append as ledger

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")


@transaction.atomic
def add_organisation(
    *,
    actor_id: int | None,
    handle: str,
    name: str,
    country: str = "",
    url: str = "",
    basis: str = "registry",
    source: str = "desk",
) -> Organisation:
    """List an organisation that is public in a registry or agreed to be listed. Raises Unfit."""
    queue()
    name, country, url = name.strip(), country.strip().upper(), url.strip()
    faults = facts_faults(handle=handle, name=name, country=country, url=url, source=source)
    if basis not in Organisation.Basis.values:
        words = _("Only organisations that are public in a registry or agreed to it are listed.")
        faults.append(Fault("basis", "unknown", words))
    if not faults and Organisation.objects.filter(handle=handle).exists():
        faults.append(Fault("handle", "taken", _("An organisation with this handle is listed already.")))
    if faults:
        raise Unfit(faults)
    organisation = Organisation.objects.create(handle=handle, basis=basis)
    OrganisationVersion.objects.create(
        organisation=organisation, name=name, country=country, url=url, source=source, recorded_from=moment()
    )
    tell(Change.What.ORGANISATION, [organisation.pk])
    ledger.append(
        kind="answerable.organisation-added",
        open={"organisation": handle, "name": name, "country": country, "basis": basis, "source": source},
        actor_id=actor_id,
    )
    return organisation


@transaction.atomic
def rename_organisation(
    *,
    actor_id: int | None,
    handle: str,
    version: int,
    name: str,
    country: str = "",
    url: str = "",
    source: str = "desk",
) -> OrganisationVersion:
    """Say anew what an organisation is called, where it sits and what its site is. `version` is the row
    that the person saw. Raises Unfit, Changed."""
    queue()
    name, country, url = name.strip(), country.strip().upper(), url.strip()
    faults = facts_faults(handle=handle, name=name, country=country, url=url, source=source)
    if faults:
        raise Unfit(faults)
    old = OrganisationVersion.objects.filter(
        pk=version, organisation__handle=handle, recorded_until=None
    ).first()
    if old is None:
        raise Changed(_("Somebody changed this meanwhile. Please look at it again."))
    if (old.name, old.country, old.url) == (name, country, url):
        raise Unfit([Fault("name", "same", _("Nothing was changed."))])
    at = moment(old)
    close(old, at)
    new = OrganisationVersion.objects.create(
        organisation=old.organisation, name=name, country=country, url=url, source=source, recorded_from=at
    )
    tell(Change.What.ORGANISATION, [old.organisation_id])
    ledger.append(
        kind="answerable.organisation-changed",
        open={"organisation": handle, "name": name, "country": country, "source": source},
        actor_id=actor_id,
    )
    return new


def facts_faults(*, handle: str, name: str, country: str, url: str, source: str) -> list[Fault]:
    """What is wrong with an organisation's facts; the import asks the same."""
    faults = []
    if not HANDLE.fullmatch(handle):
        words = _("A handle is 1 to 64 letters, digits or . _ : / -, a letter or digit first.")
        faults.append(Fault("handle", "form", words))
    if not 1 <= len(name) <= 200 or not name.isprintable():
        faults.append(Fault("name", "form", _("A name has 1 to 200 characters on one line.")))
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        faults.append(Fault("country", "form", _("A country is a code of two letters.")))
    if url and not is_web_address(url):
        faults.append(Fault("url", "form", _("This is not a web address of at most 300 characters.")))
    if not 1 <= len(source) <= 64 or not source.isprintable():
        faults.append(Fault("source", "form", _("A source has 1 to 64 characters on one line.")))
    return faults


def is_web_address(value: str) -> bool:
    """Whether it is an http or https URL that fits the column."""
    try:
        return ada_url.URL(value).protocol in ("https:", "http:") and len(value) <= 300
    except ValueError:
        return False
