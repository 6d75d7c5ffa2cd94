"""The ways in: which address each door has for others, and whether it is open.

One table. A new door adds its line here and shows on the desk's page "Ways in" and, where it has a `field`,
in the pointer for machines (docs/well-known.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from fairnotice.law.words import gettext_noop


@dataclass(frozen=True)
class Way:
    """One way in. `door`: the slug under which what came through is counted (`law.doors`). `address`: what
    others have to use, or "" where the settings leave this way closed. `switch`: the setting that opens it,
    "" where it is always open. `field`: its name in the pointer for machines; "" for ways that are not for
    everybody. `guide`: the page of the documentation."""

    door: str
    title: str
    address: Callable[[], str]
    switch: str = ""
    field: str = ""
    guide: str = ""


def url(name: str) -> str:
    """The whole address of a page, or "" where there is none of this name."""
    try:
        return f"{settings.FN_BASE_URL}{reverse(name)}"
    except NoReverseMatch:
        return ""


def _peers() -> str:
    return url("api-1:take-forward") if settings.FN_PEERS else ""


def _mailbox() -> str:
    imap = settings.FN_IMAP
    return f"{imap['user']} ({imap['host']}, {imap['folder']})" if imap["host"] else ""


def _hooks(kind: str) -> Callable[[], str]:
    """The addresses of the services of this kind that may tell us something; each has a secret of its own."""

    def addresses() -> str:
        names = [
            row["name"] for row in settings.FN_SERVICES if row["kind"] == kind and row.get("secret_file")
        ]
        return "\n".join(f"{settings.FN_BASE_URL}{reverse(f'hook-{kind}', args=[name])}" for name in names)

    return addresses


WAYS: tuple[Way, ...] = (
    Way("web", gettext_noop("Form for people"), lambda: url("notice-new"), field="notice_form"),
    Way(
        "json",
        gettext_noop("Notices from programs (JSON)"),
        lambda: url("api-1:submit-notice"),
        field="notice_api",
        guide="api.md",
    ),
    Way(
        "xarf",
        gettext_noop("Machine-readable reports (XARF)"),
        lambda: url("api-1:submit-report"),
        field="report_api",
        guide="machine-reports.md",
    ),
    Way("forward", gettext_noop("Other services, which forward"), _peers, switch="peers", guide="xarf.md"),
    Way(
        "mail",
        gettext_noop("Mail, handed over by your mail server (LMTP)"),
        lambda: settings.FN_LMTP_LISTEN,
        switch="lmtp_listen",
        guide="mail-doors.md",
    ),
    Way("mail", gettext_noop("Mail, fetched from a mailbox"), _mailbox, "imap_host", guide="mail-doors.md"),
    Way(
        "mail",
        gettext_noop("Mail, through a command"),
        lambda: "fairnotice intake pipe",
        guide="mail-doors.md",
    ),
    Way(
        "flag",
        gettext_noop("Reports of other servers of the fediverse"),
        lambda: url("ap-inbox") if settings.FN_FLAG_INBOX else "",
        switch="flag_inbox",
        field="flag_inbox",
        guide="fediverse.md",
    ),
    Way(
        "mastodon", gettext_noop("Your Mastodon server"), _hooks("mastodon"), "services", guide="fediverse.md"
    ),
    Way(
        "discourse",
        gettext_noop("Your Discourse forum"),
        _hooks("discourse"),
        "services",
        guide="discourse.md",
    ),
    Way(
        "csv",
        gettext_noop("Many at once, from a table"),
        lambda: "fairnotice intake table FILE",
        guide="machine-reports.md",
    ),
    Way("file", gettext_noop("A file, from the command line"), lambda: "fairnotice notice submit FILE"),
)
