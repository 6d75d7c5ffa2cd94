"""Who is listed, and how to reach them. Nothing here says what an organisation holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairnotice.answerable.errors import Unknown
from fairnotice.answerable.lookup import said
from fairnotice.answerable.models import Contact, ContactMark, Organisation, OrganisationVersion
from fairnotice.answerable.rows import target_of


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A contact with what came of writing to it: `works` is None where nobody knows yet.

    `resource` is empty for a contact that stands for all of the organisation, and also where naming it would
    say what another organisation holds; `one_resource` says that it stands for one alone.
    """

    contact: Contact
    works: bool | None
    marked_at: datetime | None
    one_resource: bool
    resource: str = ""


def listed(search: str = "") -> QuerySet[OrganisationVersion]:
    """What organisations are called now, by name; with `search`, those whose handle or name holds it."""
    rows = OrganisationVersion.objects.filter(said(None)).select_related("organisation")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(organisation__handle__icontains=search))
    return rows.order_by("name", "organisation__handle")


def organisation(number: int) -> Organisation:
    """Raises Unknown."""
    found = Organisation.objects.filter(pk=number).first()
    if found is None:
        raise Unknown(_("This organisation is not listed."))
    return found


def own_organisation() -> Organisation | None:
    """The operator's own; None where the settings name none, or one that is not listed."""
    handle = settings.FN_OWN_ORGANISATION
    return Organisation.objects.filter(handle=handle).first() if handle else None


def history(one: Organisation) -> list[OrganisationVersion]:
    """All that was ever said about it, the latest first."""
    return list(one.versions.order_by("-recorded_from", "-pk"))


def names(numbers: Iterable[int], known_on: datetime | None = None) -> dict[int, str]:
    """Number of an organisation -> what it was called, as known then."""
    rows = OrganisationVersion.objects.filter(said(known_on), organisation__in=set(numbers))
    return dict(rows.values_list("organisation_id", "name"))


def contacts(one: Organisation, known_on: datetime | None = None) -> list[ShownContact]:
    """How it is reached, as known then: the abuse desk first."""
    rows = one.contacts.filter(said(known_on)).select_related("resource")
    marks = last_marks(rows, known_on)
    own = one.handle == settings.FN_OWN_ORGANISATION
    shown = []
    for row in sorted(rows, key=lambda row: (row.role, row.resource_id is not None, row.address)):
        mark = marks.get(row.pk)
        shown.append(
            ShownContact(
                contact=row,
                works=mark.works if mark else None,
                marked_at=mark.at if mark else None,
                one_resource=row.resource is not None,
                resource=target_of(row.resource).text if own and row.resource else "",
            )
        )
    return shown


def home_of_contact(number: int) -> int:
    """The number of the organisation that a contact belongs to, also once it has ended. Raises Unknown."""
    found = Contact.objects.filter(pk=number).values_list("organisation_id", flat=True).first()
    if found is None:
        raise Unknown(_("There is no such contact."))
    return found


def former_contacts(one: Organisation) -> list[Contact]:
    """Contacts that are no longer said, the last to go first."""
    return list(one.contacts.exclude(recorded_until=None).order_by("-recorded_until", "-pk"))


def last_marks(
    rows: Iterable[Contact] | QuerySet[Contact], known_on: datetime | None = None
) -> dict[int, ContactMark]:
    """Number of a contact -> its last mark. One query."""
    marks = ContactMark.objects.filter(contact__in=rows).order_by("id")
    if known_on is not None:
        marks = marks.filter(at__lte=known_on)
    return {mark.contact_id: mark for mark in marks}


def handles(most: int = 300) -> list[tuple[str, str]]:
    """(handle, name) to choose from; empty where there are more than anybody would look through."""
    rows = list(listed().values_list("organisation__handle", "name")[: most + 1])
    return rows if len(rows) <= most else []
