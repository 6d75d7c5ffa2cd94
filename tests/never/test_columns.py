"""A table cannot leak what it has no column for."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tests.never import walking

# Column -> why it is none of what is forbidden.
ALLOWED = {
    "answerable.Resource.ip_start": "an address range of a network, not a visitor's address",
    "answerable.Resource.ip_end": "the same",
    "cases.ForwardConsent.with_identity": "whether the notifier ticked that their name may go along; not who they are",
    "socialaccount.SocialAccount.last_login": "allauth's own; put back to the day of the link at every sign-in",
    "answerable.Delegation.shared": "two leases of one network that both sides know of, not a list of people",
}
# The one table of files that people send of themselves. It holds no bytes, no name and nothing about who sent
# them: what a file is by content, its hash, and where it lies sealed.
ALLOWED |= {
    f"cases.EvidenceFile.{column}": "of a file that came with a notice"
    for column in (
        "id", "ref", "notice", "received", "position", "state", "reason", "came_at", "unclaimed_until", "original",
        "length", "sha256", "media", "pages", "shown", "key_id",
    )
}  # fmt: skip
# Files that the program itself made of counts, to be published.
ALLOWED |= {
    f"cases.ReportFile.{column}": "of a file of a published transparency report"
    for column in ("id", "report", "name", "sha256", "content")
}
ALLOWED |= {
    "cases.Report.profile": "what kind of service the operator runs, which says what a report must hold"
}
# Names that are not a person's.
NAMED = {
    "cases.ReportFile.name": "a file's, as the templates call it",
    "answerable.OrganisationVersion.name": "an organisation's",
    "answerable.Contact.address": "where an organisation takes abuse reports",
    "answerable.Resource.name": "a domain",
    "vault.Secret.name": "which secret it is",
    "auth.Permission.name": "Django's own table of permissions, which we do not use",
    "auth.Group.name": "the same",
    "account.EmailAddress.email": "allauth's own table; no page fills it",
    "account.EmailConfirmation.email_address": "the same",
    "socialaccount.SocialApp.name": "the same: identity providers stand in the settings",
}
BAD_FIELDS = (models.FileField, models.FilePathField, models.GenericIPAddressField)


def _faults(found: list[type[models.Model]]) -> list[str]:
    all_columns = list(walking.columns(found))
    names = [name.partition(".")[2] for name, _ in all_columns]
    allowed = {name.partition(".")[2] for name in ALLOWED}
    bad = walking.bad_names(names, walking.EVERYTHING, allowed)
    bad += [name for name, field in all_columns if isinstance(field, BAD_FIELDS)]
    bad += [
        name
        for name, field in all_columns
        if walking.bad_names([field.name], walking.CALLED) and name not in NAMED
    ]
    return bad


def _all() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_no_column_for_what_must_not_be_kept() -> None:
    """No identity papers, telephone numbers, visitors' addresses, profiles, uploads in the clear or lists of people; and names and
    e-mail addresses only sealed, under a key that can be destroyed."""
    assert _faults(_all()) == []


@pytest.mark.parametrize(
    "field",
    [
        {"passport_number": models.CharField(max_length=9)},
        {"phone": models.CharField(max_length=9)},
        {"remote_addr": models.CharField(max_length=9)},
        {"source": models.GenericIPAddressField()},
        {"user_agent": models.TextField()},
        {"last_seen": models.DateTimeField()},
        {"notifier_email": models.CharField(max_length=9)},
        {"evidence": models.FileField()},
        {"picture": models.ImageField()},
    ],
    ids=lambda field: next(iter(field)),
)
def test_a_planted_column_is_found(field: dict[str, models.Field]) -> None:
    meta = type("Meta", (), {"app_label": "planted", "managed": False})
    planted = type("Planted", (models.Model,), {"__module__": __name__, "Meta": meta, **field})
    try:
        assert _faults([planted])
    finally:
        apps.all_models["planted"].clear()


def test_a_planted_table_is_found() -> None:
    for name in ("BulkOrder", "BanList", "SharedBlocklist", "NotifierActivity", "ReporterProfile"):
        assert walking.bad_names([name], walking.EVERYTHING)


def test_no_table_is_about_such_a_thing() -> None:
    """Bulk orders and shared lists of people would have to be kept somewhere."""
    named = [model.__name__ for model in _all()]
    assert walking.bad_names(named, walking.EVERYTHING, ["EvidenceFile", "ReportFile"]) == []


def test_accounts_keep_no_time_of_sign_in_and_no_address() -> None:
    """A record of when staff work is a record of people too."""
    from fairnotice.accounts.models import User

    assert {field.name for field in User._meta.fields} == {"id", "username", "password", "is_active"}
