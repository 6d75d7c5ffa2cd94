"""`fairnotice observatory verify`: asks again what a cited result asked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.site.observatory.store_option import add_store, store_of, with_data
from fairnotice.translog.encoding import printable

if TYPE_CHECKING:
    from fairnotice.observatory.citing import Verified
    from fairnotice.site.commands import Subparsers


def add_acts(group: Subparsers) -> None:
    """Under `fairnotice observatory`."""
    verb = group.add_parser("verify", help="ask again what a cited result asked, and say what differs")
    verb.add_argument(
        "result", type=Path, metavar="RESULT", help="an answer, a view or a comparison, as JSON"
    )
    add_store(verb)
    verb.add_argument("--json", action="store_true", help="print what was found as JSON")
    verb.set_defaults(run=with_data(verify))


def verify(args: argparse.Namespace) -> int:
    """0: the same question gives the same answer; 1: it does not; 2: it is no result, or cannot be asked."""
    from fairnotice.observatory import asking, citing, citing_views
    from fairnotice.observatory.comparing import document

    try:
        found = json.loads(args.result.read_text("utf-8"))
    except (ValueError, RecursionError):
        return say(f"{args.result}: it is not JSON.", UNUSABLE)
    kind = found.get("format") if isinstance(found, dict) else None
    of = {document.FORMAT: document, citing_views.FORMAT: citing_views}.get(str(kind), citing)
    try:
        outcome = of.verify(of.check(found), store_of(args), asking.ask)
    except citing.CitingError as error:
        return say(printable(f"{args.result}: {error}."), UNUSABLE)
    except (asking.StoreError, asking.EngineError, asking.QuestionError) as error:
        return say(printable(f"{error}."), UNUSABLE)
    if args.json:
        said = {"holds": outcome.holds, "asked_again": outcome.asked_again}
        print(json.dumps({**said, "faults": outcome.faults, "said": outcome.said}, indent=1))
    else:
        _print(args.result, outcome)
    return DONE if outcome.holds else WRONG


def _print(path: Path, outcome: Verified) -> None:
    for fault in outcome.faults:
        print(printable(f"Differs: {fault}"))
    for said in outcome.said:
        print(printable(f"Note: {said}"))
    if outcome.holds:
        print(f"{path}: the same question gives the same answer, from the same dumps.")
    else:
        print(f"{path}: it does not hold here.")
