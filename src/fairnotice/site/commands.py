"""What each command does. Nothing of Django is imported before the data folder is chosen: `verify` needs
neither."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from fairnotice.plumbing import garbage

DONE, WRONG, UNUSABLE = 0, 1, 2

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def guarded(args: argparse.Namespace) -> int:
    """Run the command; what a person can mend is said in plain words, and no message of ours quotes typed
    text."""
    try:
        if getattr(args, "needs", "data") == "data":
            with garbage.uncollected():
                from fairnotice.site.setup import prepare

                prepare(args.data)
        status: int = args.run(args)
        return status
    except BrokenPipeError:
        raise  # whoever read our output has read enough
    except OSError as error:
        return say(f"{error.filename or 'A file'}: {error.strerror or 'cannot be used'}.", UNUSABLE)
    except Exception as error:
        return _explained(error)


def say(text: str, status: int) -> int:
    """One clear line (or one for each reason) on stderr; returns the exit status."""
    print(text, file=sys.stderr)
    return status


def _explained(error: Exception) -> int:
    from django.apps import apps

    from fairnotice.site.describe import describe
    from fairnotice.site.serve import CannotServe
    from fairnotice.site.setup import NotReady
    from fairnotice.translog.errors import TranslogError
    from fairnotice.vault.errors import VaultError

    if isinstance(error, NotReady | CannotServe | VaultError):
        return say(str(error), UNUSABLE)
    if isinstance(error, TranslogError):
        return say(str(error), WRONG)
    if apps.ready:
        from fairnotice.accounts.actions import AccountError
        from fairnotice.cases.errors import ActionError, Invalid
        from fairnotice.ledger.errors import LogRefusal

        if isinstance(error, Invalid):
            return say("\n".join(f"{fault.path}: {fault.message}" for fault in error.faults), WRONG)
        if isinstance(error, ActionError | AccountError | LogRefusal):
            return say(str(error), WRONG)
    return say(f"Something went wrong inside the program: {describe(error)}", WRONG)


def init(args: argparse.Namespace) -> int:
    """`fairnotice init`."""
    from fairnotice.site import init as steps
    from fairnotice.site.setup import use

    new = not (use(args.data) / "db.sqlite3").exists()
    folder = steps.run(args.data)
    if new:
        print("\nNext:")
        for line in steps.next_steps(folder):
            print(f"- {line}" if not line.startswith("  ") else line)
    return DONE


def serve(args: argparse.Namespace) -> int:
    """`fairnotice serve`."""
    from fairnotice.site.serve import serve as run

    return run(args.data, host=args.host, port=args.port, lmtp=args.lmtp)


def check(args: argparse.Namespace) -> int:
    """`fairnotice check`: 1 where something must be mended before the service can do its work."""
    from fairnotice.site.check import findings

    found = findings(args.data)
    for finding in found:
        print(f"{finding.level}: {finding.text}\n    {finding.mend}")
    errors = sum(finding.level == "error" for finding in found)
    warnings = len(found) - errors
    print(f"{errors} errors, {warnings} warnings." if found else "All is well.")
    return WRONG if errors else DONE


def of_the_log(args: argparse.Namespace) -> int:
    """`fairnotice verify` and `fairnotice prove`: the log's own commands, which need nothing of ours."""
    from fairnotice.translog.cli import guarded as log_guarded

    args.run = args.command_run
    return log_guarded(args)


def notice_submit(args: argparse.Namespace) -> int:
    """`fairnotice notice submit`: prints the receipt code once, and the receipt where a file is named. A
    report of a program is kept whole besides, as at every other door."""
    from fairnotice.intake.file_door import submit_file
    from fairnotice.intake.readers import Unreadable
    from fairnotice.vault.codes import show

    data = args.file.read_bytes()
    # The file is made first: a notice must not be in while its receipt has no place to go.
    receipt = new_private(args.receipt) if args.receipt else None
    submitted = None
    try:
        filed = submit_file(data, str(args.file))
        submitted = filed.submitted
    except Unreadable as error:
        return say(str(error), WRONG)
    finally:
        if receipt is not None and submitted is None:
            receipt.close()
            args.receipt.unlink()
    if submitted is None:
        assert filed.received is not None  # noqa: S101 - what is no notice was kept
        known = "is here already and " if filed.again else ""
        print(f"The report {filed.received.ref} {known}{_BECAME[filed.received.state]}.")
        return DONE
    print(f"Notice: {submitted.notice.ref}")
    print(f"Receipt code (shown only now): {show(submitted.code)}", flush=True)
    if receipt is not None:
        with receipt:
            receipt.write(json.dumps(submitted.receipt, indent=1, ensure_ascii=False) + "\n")
        print(f"Receipt: {args.receipt}")
    return DONE


_BECAME = {
    "taken": "is a notice",
    "passed_on": "is about no item: it was passed on",
    "waiting": "waits for a person at the desk",
    "held": "waits for a person at the desk",
    "new": "is read in a moment",
    "filed": "needs nothing",
    "dismissed": "was put away at the desk",
}


def rules_publish(args: argparse.Namespace) -> int:
    """`fairnotice rules publish`."""
    from fairnotice.cases.actions.rules import parse_rules, publish_rules
    from fairnotice.cases.models import RulesVersion

    note = args.note or ("" if RulesVersion.objects.exists() else "First version.")
    try:
        text = args.file.read_text("utf-8")
    except UnicodeDecodeError:
        return say(f"{args.file}: not a text file in UTF-8.", UNUSABLE)
    version = publish_rules(clauses=parse_rules(text), note=note)
    print(f"Published version {version.number} of the rules.")
    return DONE


def register_publish(args: argparse.Namespace) -> int:
    """`fairnotice register publish`."""
    from fairnotice.cases.actions.publish import publish_batch

    print(f"Published {publish_batch()} entries.")
    return DONE


def new_private(path: Path) -> TextIO:
    """A new file that only this user can read. Raises FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8")
