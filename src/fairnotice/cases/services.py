"""The platforms that the operator's settings name: where reports may come from, and where decisions go.

Like a peer, a service is an address in front of everything that is asked there, and files with what proves
who we are to each other. Nothing is ever asked of any other server.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import ada_url
from django.conf import settings
from django.utils import timezone

from fairnotice.cases import sealed
from fairnotice.cases.drafts import normalised
from fairnotice.cases.models import Case, Measure, Received, ServiceAsked
from fairnotice.law.measures import NO_ACTION
from fairnotice.ledger import outbox
from fairnotice.vault.errors import Erased

MASTODON = "mastodon"
DISCOURSE = "discourse"
KINDS = (MASTODON, DISCOURSE)
#: Kinds of outbox rows: a measure that is to be carried out or undone there; a report to be closed or
#: reopened.
EFFECT, REPORT = "mastodon-effect", "mastodon-report"
Act = Literal["carry_out", "undo"]
ReportAct = Literal["resolve", "reopen"]


@dataclass(frozen=True)
class Service:
    """One platform. `url` has no slash at its end. `secret_file` holds what its webhook signs with,
    `token_file` what its admin API wants to see; None where that way is not used.

    `problems`: its categories and rules -> choices of the form. `actions`: kinds of measure -> what to do to
    an account there. `post_api`: whether it can be told about single posts, as some Mastodon servers can.
    """

    name: str
    kind: str
    url: str
    secret_file: Path | None = None
    token_file: Path | None = None
    problems: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    pull: bool = True
    post_api: bool = False

    @property
    def host(self) -> str:
        """Host, and port where it is not the usual one."""
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Scheme and host, without a path."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def secret(self) -> bytes:
        """What its webhook signs with, b"" where there is none. Raises OSError."""
        return self.secret_file.read_bytes().strip() if self.secret_file else b""

    def token(self) -> str:
        """The token of its admin API, "" where there is none. Raises OSError or UnicodeDecodeError."""
        return self.token_file.read_text("utf-8").strip() if self.token_file else ""


def services(kind: str = "") -> list[Service]:
    """All services of the settings, or those of a kind, in their order."""
    found = [_service(row) for row in settings.FN_SERVICES]
    return [service for service in found if kind in ("", service.kind)]


def service_named(name: str, kind: str = "") -> Service | None:
    """The service with this name, None where the settings have none (of this kind)."""
    return next((service for service in services(kind) if service.name == name), None)


def service_for(location: str, kind: str = "") -> Service | None:
    """The service under whose address this location lies, the closest first; None for everybody else's. Both
    are compared as browsers read them, so that no other spelling leads elsewhere."""
    if not ada_url.check_url(location):
        return None
    asked = ada_url.URL(location)
    found = [service for service in services(kind) if _lies_under(asked, ada_url.URL(service.url))]
    return max(found, key=lambda service: len(service.url), default=None)


def _lies_under(asked: ada_url.URL, own: ada_url.URL) -> bool:
    if (asked.protocol, asked.host) != (own.protocol, own.host) or asked.username or asked.password:
        return False
    front = str(own.pathname).rstrip("/")
    return str(asked.pathname) == front or str(asked.pathname).startswith(f"{front}/")


def _service(row: dict[str, Any]) -> Service:
    # A relative file lies in the data folder.
    secret, token = row.get("secret_file", ""), row.get("token_file", "")
    return Service(
        name=row["name"],
        kind=row["kind"],
        url=row["url"].rstrip("/"),
        secret_file=settings.FN_DATA / secret if secret else None,
        token_file=settings.FN_DATA / token if token else None,
        problems=dict(row.get("problems", {})),
        actions=dict(row.get("actions", {})),
        pull=bool(row.get("pull", True)),
        post_api=bool(row.get("post_api", False)),
    )


@dataclass(frozen=True)
class Place:
    """Where a case's item is at a service. The ids are the service's own, "" where no report told them;
    `reports` are the reports that told of it, each with the notice that it became."""

    service: Service
    location: str
    account: str = ""
    post: str = ""
    reports: tuple[tuple[str, int], ...] = ()


def place_of(case: Case) -> Place | None:
    """The place of a case at a Mastodon server of the settings: one that reported it, or under whose address
    it lies. None where there is no such server, or where the location has been erased."""
    if not services(MASTODON):
        return None
    try:
        location = sealed.read("case", case.ref, "location") or ""
    except Erased:
        return None
    told = list(_reports(case))
    service = service_named(told[0][1]["service"], MASTODON) if told else None
    if service is None:
        service, told = service_for(location, MASTODON), []
    if service is None:
        return None
    account = post = ""
    for _notice, report in told:
        if report["service"] != service.name:
            continue
        ids = {normalised(one["url"]): one["id"] for one in report["posts"]}
        post = post or ids.get(normalised(location), "")
        account = account or report["account"]["id"]
    reports = [(one["report"], notice) for notice, one in told if one["service"] == service.name]
    return Place(service, location, account, post, tuple(reports))


def enqueue_effect(measure: Measure, act: Act) -> None:
    """Have a measure that has taken effect carried out at the service where its item is, or undone now that
    it has ended. In the caller's transaction; does nothing where no service of the settings is concerned.

    A person decided; this is where a decision leaves for the platform, and the only place. Called by
    `carrying_out.announce`, and for a decision that restricts nothing.
    """
    case = measure.decision.case
    place = place_of(case)
    if place is None or place.service.token_file is None:
        return
    if measure.kind != NO_ACTION:
        outbox.cancel(kind=EFFECT, ref=measure.ref)
        payload = {"measure": measure.ref, "act": act}
        with suppress(Erased):
            outbox.enqueue(kind=EFFECT, ref=measure.ref, payload=payload, key_id=case.subject_key)
    if act == "carry_out":
        enqueue_report(case, "resolve")


def enqueue_report(case: Case, act: ReportAct) -> None:
    """Have the reports that told of a case closed where they came from, or opened again with the case."""
    place = place_of(case)
    if place is None or place.service.token_file is None or not place.reports:
        return
    outbox.cancel(kind=REPORT, ref=case.ref)
    with suppress(Erased):
        outbox.enqueue(
            kind=REPORT, ref=case.ref, payload={"case": case.ref, "act": act}, key_id=case.subject_key
        )


def last_report(service: Service) -> str:
    """The id up to which its reports have been asked for, "" where they never were."""
    row = ServiceAsked.objects.filter(service=service.name).first()
    return row.last_report if row else ""


def remember_asked(service: Service, last: str, error_code: str) -> None:
    """Keep how far its reports were asked for, and whether it answered."""
    ServiceAsked.objects.update_or_create(
        service=service.name,
        defaults={"last_report": last, "asked_at": timezone.now(), "error_code": error_code},
    )


def _reports(case: Case) -> Iterator[tuple[int, dict[str, Any]]]:
    """What is kept of the reports that told of a case, each with the id of its notice."""
    rows = Received.objects.filter(door=MASTODON, notice__items__case=case).distinct().order_by("id")
    for received in rows:
        with suppress(Erased):
            raw = sealed.read_bytes("received", received.ref, "raw")
            if raw and received.notice_id is not None:
                yield received.notice_id, json.loads(raw)
