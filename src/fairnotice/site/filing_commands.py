"""`fairnotice statements ...`: statements of reasons as files, and into the EU database."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers

_WORDS = {
    "written": "written",
    "sent": "in the database now",
    "known": "were there already",
    "again": "to be sent again",
    "held": "wait for a person at the desk",
    "rejected": "refused by the database, wait for a person",
    "refused": "refused by the database, wait for a person",
    "unclear": "may have arrived, to be asked about",
    "erased": "erased, cannot be exported any more",
    "sending": "in a call whose end is not known yet",
    "queued": "wait to be sent",
    "accepted": "in the database",
    "changed": "changed since they were sent",
}
_STOPPED = {
    "token": "The database does not take our token. Put the right one into its file, then: fairnotice "
    "statements resume",
    "wait": "The database asks to wait.",
    "busy": "Another process is sending at this moment.",
    "unclear": "The database gave no clear answer; it is asked again later.",
}
#: Seconds between two rounds of `submit`.
PAUSE = 15.0


def add_acts(acts: Subparsers) -> None:
    """Add the commands to the group `statements`."""
    verb = acts.add_parser("export", help="write statements as files, for the EU database or to look at")
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    verb.add_argument("--since", type=_day, metavar="DAY", help="measures that took effect from this day on")
    verb.add_argument("--until", type=_day, metavar="DAY", help="up to and with this day")
    verb.add_argument(
        "--format",
        choices=("json", "csv"),
        default="json",
        help="json: calls of up to 100; csv: the layout of the database's dumps",
    )
    verb.add_argument("--all", action="store_true", help="json: also what is in the database already")
    verb.set_defaults(run=export)
    verb = acts.add_parser("submit", help="send what is due to the database of the settings")
    verb.add_argument("--once", action="store_true", help="one round, without waiting for what has to wait")
    verb.set_defaults(run=submit)
    verb = acts.add_parser("status", help="say what waits, what is there, and whether sending was stopped")
    verb.set_defaults(run=status)
    verb = acts.add_parser("resume", help="go on sending after the token was put right")
    verb.set_defaults(run=resume)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write it as 2026-05-31") from None


def export(args: argparse.Namespace) -> int:
    """`fairnotice statements export`. Status 1: some wait for a person; 2: the folder is not empty."""
    from fairnotice.delivery.database import exporting

    if args.since and args.until and args.since > args.until:
        return say("--since is later than --until.", UNUSABLE)
    try:
        done = exporting.export(args.out, args.format, args.since, args.until, everything=args.all)
    except exporting.FolderNotEmpty:
        return say(f"{args.out} is not empty. Name a new folder; nothing is written over.", UNUSABLE)
    for path in done.files:
        print(path)
    _print(done.counts)
    return WRONG if done.counts["held"] or done.counts["rejected"] else DONE


def submit(args: argparse.Namespace) -> int:
    """`fairnotice statements submit`. Status 1: something stopped it, or waits for a person; 2: the settings
    cannot be used."""
    from django.utils import timezone

    from fairnotice.cases import filing_leases
    from fairnotice.cases.actions import filing
    from fairnotice.delivery.database import client, send_due

    while True:
        filing.prepare(place=filing_leases.place(), now=timezone.now())
        try:
            done = send_due()
        except client.Misconfigured as error:
            return say(str(error), UNUSABLE)
        _print(done.counts)
        if done.stopped in ("token", "busy") or args.once or not _left():
            break
        time.sleep(PAUSE)
    if done.stopped:
        return say(_STOPPED[done.stopped], WRONG)
    return WRONG if done.counts["refused"] or done.counts["held"] else DONE


def _left() -> bool:
    from fairnotice.cases import filing_leases
    from fairnotice.cases.models import Filing

    return Filing.objects.filter(place=filing_leases.place(), state__in=("queued", "sending")).exists()


def status(args: argparse.Namespace) -> int:
    """`fairnotice statements status`. Status 1: sending was stopped, or something waits for a person."""
    from django.conf import settings
    from django.db.models import Count

    from fairnotice.cases import filing_leases
    from fairnotice.cases.models import Filing
    from fairnotice.cases.queries.filings import gate_now

    place = filing_leases.place()
    print(f"Database: {place}. Sending is {'on' if settings.FN_STATEMENTS['send'] else 'off'}.")
    found = Filing.objects.filter(place=place).values_list("state").annotate(n=Count("pk")).order_by("state")
    counts = dict(found)
    _print(counts)
    gate = gate_now()
    if gate.stopped_for:
        return say(_STOPPED[gate.stopped_for], WRONG)
    return WRONG if counts.get("held") or counts.get("rejected") else DONE


def resume(args: argparse.Namespace) -> int:
    """`fairnotice statements resume`."""
    from fairnotice.cases.actions import filing
    from fairnotice.cases.errors import Conflict

    try:
        filing.go_on(actor=None)
    except Conflict:
        return say("Sending was not stopped.", WRONG)
    print("What waits is sent again.")
    return DONE


def _print(counts: dict[str, int]) -> None:
    said = [f"{number} {_WORDS[word]}" for word, number in counts.items() if number]
    print("; ".join(said) + "." if said else "Nothing was due.")
