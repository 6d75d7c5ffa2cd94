"""Transparency reports: texts are saved, a version is built from the cases, somebody else publishes it."""

from __future__ import annotations

import hashlib
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice import __version__
from fairnotice.cases.counting.counts import Told, count
from fairnotice.cases.counting.period import Period
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Report, ReportFile, ReportStatus, ReportText
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import files, filling, places, services
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import character_faults
from fairnotice.ledger.append import append

MAX_REASON = 2000


@transaction.atomic
def save_text(
    *, actor: Actor | None, service: str, period: Period | None, key: str, text: str, version: int
) -> ReportText:
    """Save the next version of a text, note or figure; `version` is the one the person saw, 0 for none.
    `period` None: for every report that has none of its own. An empty text takes it out. No actor: the
    command line.

    Raises NotFound (service or place), Invalid, Conflict, Forbidden.
    """
    if actor is not None:
        require(actor, "edit_report")
    service = services.check_service(service)
    place = places.places().get(key)
    if place is None:
        raise NotFound(_("No report has such a place."))
    text = text.strip()
    if fault := places.fault_of(place, text):
        raise Invalid([Fault("text", "text", _(fault))])
    if faults := character_faults("text", text):
        raise Invalid(faults)
    held = queries.latest_text(service, period, key)
    if version != (held.version if held else 0):
        raise Conflict(STALE)
    where = str(period) if period else ""
    event = append(
        kind="report.text",
        open={
            "service": service,
            "period": where,
            "place": key,
            "version": version + 1,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        },
        actor_id=actor.user_id if actor else None,
        follows=held.event if held else None,
    )
    try:
        with transaction.atomic():
            return ReportText.objects.create(
                service=service,
                period=where,
                key=key,
                version=version + 1,
                text=text,
                written_by_id=actor.user_id if actor else None,
                written_at=timezone.now(),
                event=event,
            )
    except IntegrityError as error:
        raise Conflict(STALE) from error


def build(
    *, actor: Actor | None, service: str, period: Period, reason: str = "", told: Told | None = None
) -> Report:
    """Count the cases of a period that is over, and keep the report as its next version. Where one is
    published already, this is a correction and `reason` says why. `told`: see `counts.count`.

    Counting takes a while where there are many cases, so it is done before the transaction; what it counts
    no longer changes. Raises NotFound, Refused, Invalid, Forbidden.
    """
    if actor is not None:
        require(actor, "edit_report")
    service = services.check_service(service)
    now = timezone.now()
    if period.end > now:
        raise Refused(
            _("This period has not ended yet. Until then there are only drafts, which are not kept.")
        )
    _check_reason(service, period, reason)
    head = queries.head(service, period)
    made = filling.fill(head, count(period, told), queries.texts(service, period))
    parts = {str(number): rows for number, rows in made.parts.items()}
    source = filling.provenance(head, __version__)
    with transaction.atomic():
        before = _check_reason(service, period, reason)
        last = Report.objects.filter(service=service, first_day=period.first, last_day=period.last).first()
        number = (last.number if last else 0) + 1
        event = append(
            kind="report.built",
            open={
                "service": service,
                "period": str(period),
                "version": number,
                "reason": reason.strip() if before else "",
                "sha256": files.digest_of(parts),
            },
            actor_id=actor.user_id if actor else None,
            follows=before.event if before else None,
        )
        report = Report.objects.create(
            ref=new_ref(),
            service=service,
            first_day=period.first,
            last_day=period.last,
            number=number,
            profile=head.profile,
            corrects=before,
            reason=reason.strip() if before else "",
            parts=parts,
            provenance=source,
            built_by_id=actor.user_id if actor else None,
            built_at=now,
            event=event,
        )
        ReportStatus.objects.create(report=report)
    return report


def _check_reason(service: str, period: Period, reason: str) -> Report | None:
    """The published version that a new one corrects."""
    before = queries.published_version(service, period)
    if before is None:
        return None
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        say = _(
            "A report of this period is published. Say in up to 2,000 characters what this one corrects, "
            "and why."
        )
        raise Invalid([Fault("reason", "missing", say)])
    if faults := character_faults("reason", text):
        raise Invalid(faults)
    return before


@transaction.atomic
def publish(*, actor: Actor, report_ref: str, today: date | None = None) -> Report:
    """Publish a built version: its files are made with the day, kept, and their SHA-256 is in the log. By
    somebody other than who built it, unless one person runs all of this (setting `small_team`). What it
    corrects stays public.

    Raises NotFound, Refused, Conflict, Forbidden.
    """
    require(actor, "publish_report")
    report = _of(report_ref)
    if report.built_by_id == actor.user_id and not settings.FN_SMALL_TEAM:
        raise Refused(_("You built this report; somebody else looks at it and publishes it."))
    current = queries.published_version(report.service, queries.period_of(report))
    if (current.pk if current else None) != report.corrects_id:
        raise Conflict(_("Another version was published meanwhile. Build this one again, as its correction."))
    missing = queries.missing_texts(report)
    if missing:
        raise Refused(
            _("The qualitative part is not whole yet: write its texts, then build the report again.")
        )
    day = today or timezone.now().date()
    made = list(files.published_files(report, day))
    append(
        kind="report.published",
        open={
            "service": report.service,
            "period": report.period,
            "version": report.number,
            "published_on": day.isoformat(),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in made},
        },
        actor_id=actor.user_id,
        follows=report.event,
    )
    _move(report, "publish", published_on=day, published_by_id=actor.user_id)
    if report.corrects is not None:
        _move(report.corrects, "correct")
    ReportFile.objects.bulk_create(
        ReportFile(report=report, name=name, sha256=hashlib.sha256(content).hexdigest(), content=content)
        for name, content in made
    )
    return report


@transaction.atomic
def drop(*, actor: Actor, report_ref: str) -> Report:
    """Put a built version away that is not to be published. Raises NotFound, Conflict, Forbidden."""
    require(actor, "edit_report")
    report = _of(report_ref)
    _move(report, "drop")
    append(
        kind="report.dropped",
        open={"service": report.service, "period": report.period, "version": report.number},
        actor_id=actor.user_id,
        follows=report.event,
    )
    return report


def _of(ref: str) -> Report:
    report = Report.objects.select_related("status", "corrects", "event").filter(ref=ref).first()
    if report is None:
        raise NotFound(_("There is no such report."))
    return report


def _move(report: Report, act: str, **changes: object) -> None:
    state = report.status.state
    new = step("report", state, act)
    moved = ReportStatus.objects.filter(pk=report.pk, state=state).update(state=new, **changes)
    if not moved:
        raise Conflict(STALE)
    report.status.refresh_from_db()
