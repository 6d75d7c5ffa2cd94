"""`fairnotice check`: what is misconfigured, and how to mend it. Reads; changes nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from fairnotice.cases import permissions
from fairnotice.site import check_backup, check_out, check_people, check_sign_in, setup
from fairnotice.site.findings import Finding, Level, setting

if TYPE_CHECKING:
    from fairnotice.ledger.models import Log


def findings(data: Path | None = None) -> list[Finding]:
    """All that is wrong with a data folder, errors first. Where it cannot be used at all, only why."""
    try:
        setup.prepare(data)
    except setup.NotReady as refused:
        return [Finding("error", reason, "Nothing else was looked at.") for reason in refused.reasons]
    found = [finding for look in LOOKS for finding in look()]
    return sorted(found, key=lambda finding: finding.level)


def _folder() -> Iterator[Finding]:
    if settings.FN_DATA.stat().st_mode & 0o077:
        yield Finding(
            "error",
            f"Other users of this machine can look into {settings.FN_DATA}.",
            f"Run: chmod 0700 {settings.FN_DATA}",
        )


def _operator() -> Iterator[Finding]:
    if settings.FN_OPERATOR["name"] == "This service":
        yield setting("operator_name", "Nobody is named as who runs this service.")
    if not settings.FN_OPERATOR["contact"]:
        yield setting(
            "operator_contact", "There is no way to reach you without an account (articles 11, 12)."
        )


def _distress() -> Iterator[Finding]:
    if not settings.FN_HELPLINES:
        yield setting(
            "helplines", "Who is in distress finds nobody to talk to on the form: no helpline is named."
        )
    if not settings.FN_QUICK_EXIT_URL:
        yield setting("quick_exit_url", "Nobody can leave the form quickly when somebody looks over it.")


def _addresses() -> Iterator[Finding]:
    base = urlsplit(settings.FN_BASE_URL)
    host = base.hostname or ""
    if base.scheme == "http" and not _is_local(host):
        yield setting("base_url", "Receipt codes would travel unencrypted: base_url begins with http://.")
    expected = f"{base.netloc}{base.path}/log"
    if expected != settings.FN_ORIGIN:
        yield setting(
            "log_origin",
            f"The log is called '{settings.FN_ORIGIN}', but is found at '{expected}'. Before the first "
            "notice, make them equal; later, keep the name and bring the log back to its address.",
        )


def _mail() -> Iterator[Finding]:
    mail: dict[str, Any] = settings.FN_MAIL
    if mail["adapter"] == "console":
        yield setting(
            "mail_adapter", f"No letter leaves this machine: each becomes a file in {settings.FN_MAIL_DIR}."
        )
        return
    if mail["from"].rpartition("@")[2] in ("", "localhost"):
        yield setting("mail_from", "Letters come from an address that nobody can answer.", "error")
    if mail["user"] and not mail["password_file"]:
        yield setting("smtp_password_file", "There is a name for the mail server, but no password.", "error")
    if mail["ca_file"] and not Path(mail["ca_file"]).is_file():
        yield setting("smtp_ca_file", f"There is no file {mail['ca_file']}.", "error")
    if mail["password_file"]:
        yield from _password_file(Path(mail["password_file"]))
    if not mail["starttls"] and not _is_local(mail["host"]):
        level: Level = "error" if mail["user"] else "warning"
        yield setting("smtp_starttls", "Letters travel to the mail server unencrypted.", level)


def _password_file(path: Path, named: str = "smtp_password_file") -> Iterator[Finding]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield setting(named, f"{path} cannot be read ({error.strerror}).", "error")
        return
    if mode & 0o077:
        yield Finding(
            "error", f"Other users can read the mail password in {path}.", f"Run: chmod 0400 {path}"
        )


def _letterbox() -> Iterator[Finding]:
    from fairnotice.intake.letterbox import imap, listen

    if settings.FN_LMTP_LISTEN:
        place = listen.parse(settings.FN_LMTP_LISTEN)
        if place.path and not Path(place.path).parent.is_dir():
            yield setting("lmtp_listen", f"There is no folder {Path(place.path).parent}.", "error")
        elif place.path and Path(place.path).is_relative_to(settings.FN_DATA):
            yield setting("lmtp_listen", "No mail server may look into the data folder to find the socket.")
    where = imap.account()
    if where is None:
        return
    if where.tls == "none" and not _is_local(where.host):
        yield setting("imap_tls", "The password for the IMAP server travels unencrypted.", "error")
    if not where.user or not str(settings.FN_IMAP["password_file"]):
        yield setting("imap_user", "There is an IMAP server, but no name or no password for it.", "error")
    else:
        yield from _password_file(where.password_file, "imap_password_file")
    if where.ca_file and not Path(where.ca_file).is_file():
        yield setting("imap_ca_file", f"There is no file {where.ca_file}.", "error")
    last = imap.health()
    if last is not None and last.trouble:
        yield Finding(
            "error",
            f"Mail is not taken in (looked {last.at}): {last.trouble}.",
            "It is tried again each minute; nothing is lost meanwhile. See 'IMAP' in docs/mail-doors.md.",
        )


def _logs() -> Iterator[Finding]:
    from fairnotice.ledger import logs, publishing, witnessing
    from fairnotice.ledger.models import Event

    try:
        publishing.guard_years()
    except publishing.LogAhead as error:
        yield Finding("error", f"{error}.", "Nothing more enters the log until this is settled.")
        return
    try:
        witnessing.policy()
    except witnessing.WitnessSettings as error:
        yield setting("witness_policy", f"{error}.", "error")
    for log in logs.everyone():
        yield from _log(log)
    yield from _keys()
    late = timezone.now() - timedelta(seconds=settings.FN_PROMISE_DELAY)
    overdue = Event.objects.filter(entry__isnull=True, at__lt=late).count()
    if overdue:
        yield Finding(
            "error",
            f"{overdue} entries are not in the log although the time promised for them is over.",
            "Start 'fairnotice serve', whose runner enters them; look at its messages if it runs.",
        )


def _keys() -> Iterator[Finding]:
    from fairnotice.ledger import keys, logs, rollover
    from fairnotice.ledger.models import LogKey
    from fairnotice.translog.errors import TranslogError

    log = logs.newest()
    if log is None:
        return
    try:
        keys.log_signers(log)
        keys.promise_signer(log)
    except (keys.KeyMissing, TranslogError) as error:
        yield Finding(
            "error",
            f"The log of {log.year} cannot be signed: {error}.",
            "See 'Keys of the log' in the operator's guide.",
        )
    place = keys.rows_of(log, LogKey.CHECKPOINT)[-1].source
    if place.partition(":")[0] != settings.FN_LOG_KEY.partition(":")[0] or (
        settings.FN_LOG_KEY != "vault" and place != settings.FN_LOG_KEY
    ):
        yield setting(
            "log_key",
            f"The key of the log of {log.year} is still where it was before this setting was changed; the "
            "next log takes it from the new place. 'fairnotice log rotate-key' takes it from there now.",
        )
    if rollover.skips():
        yield Finding(
            "error",
            f"By this machine's clock more than a year has passed since the log of {log.year}; it goes on.",
            "Look at the clock. If it is right, run: fairnotice log roll",
        )


def _log(log: Log) -> Iterator[Finding]:
    from fairnotice.ledger import publishing

    try:
        seen = publishing.guard(log)
    except publishing.LogAhead as error:
        yield Finding(
            "error", f"The log of {log.year}: {error}.", "Nothing more enters it until this is settled."
        )
        return
    last = publishing.last_signed(log)
    if last is not None and (seen is None or seen.size < last.size):
        yield Finding(
            "warning",
            "Signed entries of the log are not published yet"
            + (": too few witnesses cosigned them." if settings.FN_WITNESS_POLICY else "."),
            "The runner of 'fairnotice serve' does it, and asks the witnesses again with every round.",
        )
    if seen is not None:
        yield from _published_files(log)


def _published_files(log: Log) -> Iterator[Finding]:
    from fairnotice.ledger import keys
    from fairnotice.translog.errors import TranslogError
    from fairnotice.translog.fsck import tree_check

    # A file may give way to a fuller one while we look, so what is wrong must be wrong twice.
    for last_try in (False, True):
        try:
            tree_check(log.folder(), keys.vkey(log))
            return
        except (TranslogError, OSError) as error:
            if last_try:
                yield Finding(
                    "error",
                    f"The published files of the log were changed or are incomplete: {error}.",
                    f"Find out who did it, delete the file named below {log.folder()} and start "
                    "'fairnotice serve' again: it makes missing files anew from the database.",
                )


def _people() -> Iterator[Finding]:
    from fairnotice.accounts.models import RoleGrant

    grants = RoleGrant.objects.filter(user__is_active=True).values_list("user_id", "role")
    holders: dict[str, set[int]] = {role: set() for role in permissions.ROLES}
    for user_id, role in grants:
        holders[role].add(user_id)
    for role in permissions.ROLES:
        # An auditor only reads: a service works without one.
        if not holders[role] and role != permissions.AUDITOR:
            yield Finding(
                "warning",
                f"Nobody has the role {role.replace('_', ' ')}: what needs it waits.",
                f"Run: fairnotice user add NAME --role {role}",
            )
    deciders = holders[permissions.REVIEWER] | holders[permissions.SENIOR]
    yield from _alone(deciders | holders[permissions.APPEALS])
    if len(holders[permissions.APPEALS]) == 1 and deciders == holders[permissions.APPEALS]:
        yield Finding(
            "warning",
            "The only person who decides is the only one who reviews appeals, and may not review their own.",
            "Give a second person the role appeals_reviewer.",
        )


def _alone(people: set[int]) -> Iterator[Finding]:
    if len(people) == 1 and not settings.FN_SMALL_TEAM:
        yield setting(
            "small_team",
            "One person decides alone: severe measures wait for a second person who does not exist.",
        )
    if len(people) > 1 and settings.FN_SMALL_TEAM:
        yield setting(
            "small_team", "Decisions are marked as not independently reviewed, but you are several."
        )


def _rules() -> Iterator[Finding]:
    from fairnotice.cases.models import RulesVersion

    if not RulesVersion.objects.exists():
        yield Finding(
            "warning",
            "No rules are published: decisions can cite laws only (article 14).",
            "Run: fairnotice rules publish FILE",
        )


def _letters() -> Iterator[Finding]:
    from fairnotice.ledger.models import OutboxRow

    dead = OutboxRow.objects.filter(dead=True).count()
    if dead:
        yield Finding(
            "warning",
            f"{dead} letters or messages could not be sent and will not be tried again by themselves.",
            "See 'Outgoing' at the desk: it says why, and sends them again once the cause is mended.",
        )


def _services() -> Iterator[Finding]:
    from fairnotice.site import check_services

    for is_error, text, mend in (*check_services.problems(), *check_services.evidence()):
        yield Finding("error" if is_error else "warning", text, mend)


def _trusted() -> Iterator[Finding]:
    from fairnotice.cases.queries.clients import listed

    today = timezone.localdate()
    for row in listed():
        if row.status is not None and row.status.review_on is not None and row.status.review_on <= today:
            yield Finding(
                "warning",
                f"Whether '{row.client.label}' is still a trusted flagger should have been looked up.",
                "Look at the coordinator's register; record the status anew at the desk, or end it.",
            )


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _folder,
    check_backup.rotation,
    check_backup.backups,
    _operator,
    _distress,
    _addresses,
    _mail,
    _letterbox,
    check_out.webhooks,
    _logs,
    _people,
    check_sign_in.sign_in,
    _rules,
    _letters,
    check_out.passing_on,
    check_out.statements,
    check_people.on_duty,
    _services,
    _trusted,
)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
