"""`fairnotice backup` and `fairnotice restore`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.backup.manifest import Manifest
    from fairnotice.site.backup.restore import Looked
    from fairnotice.site.commands import Subparsers

#: Tables that tell somebody what a backup holds.
_TELLING = {
    "cases_notice": "notices",
    "cases_case": "cases",
    "cases_decision": "decisions",
    "cases_appeal": "appeals",
    "cases_sealedvalue": "sealed values",
    "ledger_event": "events",
    "accounts_user": "accounts",
    "vault_key": "keys",
}


def add_parser(verbs: Subparsers) -> None:
    """Add `backup` and `restore`."""
    verb = verbs.add_parser(
        "backup", help="write a backup that its recipients can open, while the service runs"
    )
    verb.add_argument("--to", type=Path, metavar="DIR", help="where to (default: the setting backup_folder)")
    verb.add_argument(
        "--erased-only", action="store_true", help="only bring the list of erased keys there up to date"
    )
    verb.set_defaults(run=backup)

    verb = verbs.add_parser("restore", help="put a backup back into an empty folder, or check one")
    verb.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="the file with data, that with keys"
    )
    verb.add_argument("--into", type=Path, metavar="DIR", help="an empty folder, or one to be made")
    verb.add_argument(
        "--identity",
        dest="identities",
        action="append",
        required=True,
        type=Path,
        metavar="FILE",
        help="the secret key of age that opens the backup; may be repeated",
    )
    verb.add_argument("--check", action="store_true", help="verify the backup and say what is in it; no more")
    verb.add_argument(
        "--erased", metavar="FILE", help="the newest erased.log (default: beside the backup), or 'none'"
    )
    verb.add_argument(
        "--master-key", default="", metavar="WHERE", help="say whether this master key opens it"
    )
    verb.add_argument(
        "--log",
        metavar="DIR|URL",
        help="the newest copy of the published log: what the backup lacks is read back from it at once",
    )
    verb.set_defaults(run=restore, needs="nothing")


def backup(args: argparse.Namespace) -> int:
    """`fairnotice backup`."""
    from django.conf import settings

    from fairnotice.site.backup import make
    from fairnotice.site.backup.errors import BackupRefused

    to: Path | None = args.to or settings.FN_BACKUP_FOLDER
    if to is None:
        return say("Name a folder with --to, or set 'backup_folder' in fairnotice.toml.", UNUSABLE)
    try:
        if args.erased_only:
            print("Brought up to date." if make.copy_erased(to) else "Nothing new.")
            return DONE
        with _bars() as bar:
            made = make.backup(to, bar=bar)
    except BackupRefused as refused:
        return say(str(refused), WRONG)
    for path, listed in ((made.data, made.data_list), (made.keys, made.keys_list)):
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
        print("\n".join(_contents(listed)))
    if made.pruned:
        print(
            f"Deleted {len(made.pruned)} backups of keys that were older than {settings.FN_KEYS_BACKUP_DAYS} "
            "days: what was erased since must not come back from them."
        )
    print("The master key is not in it. Keep that elsewhere, and the secret key of the recipients, too.")
    return DONE


def restore(args: argparse.Namespace) -> int:
    """`fairnotice restore`: 1 where nothing was restored, or the log has to be looked at first."""
    from fairnotice.site.backup import identities
    from fairnotice.site.backup import restore as back
    from fairnotice.site.backup.errors import BackupRefused

    os.umask(0o077)
    if not args.check and args.into is None:
        return say("Name an empty folder with --into, or only look with --check.", UNUSABLE)
    try:
        opened = identities.read(args.identities)
        with _bars() as bar:
            if args.check:
                seen = back.look(args.files, opened, args.master_key, bar)
            else:
                listed = _erased(args)
                seen = back.restore(
                    args.files, args.into, opened, erased_log=listed, key=args.master_key, bar=bar
                )
    except BackupRefused as refused:
        return say(str(refused), WRONG)
    for part in seen.lists:
        print(f"{part.part.capitalize()} of {part.made[:19].replace('T', ' ')} UTC, version {part.program}:")
        print("\n".join(_contents(part)))
    if args.check:
        return _checked(seen)
    return _restored(args, seen)


def _erased(args: argparse.Namespace) -> bytes:
    from fairnotice.site.backup import restore as back
    from fairnotice.site.backup.errors import BackupRefused

    if args.erased == "none":
        return b""
    if args.erased:
        return Path(args.erased).read_bytes()
    beside = back.erased_beside(args.files)
    if beside is None:
        raise BackupRefused(
            "There is no erased.log beside the backup. Without it, people's data that was erased since would "
            "come back. Name the newest with --erased FILE; if there is none any more: --erased none"
        )
    return beside


def _checked(seen: Looked) -> int:
    print("Every file is as it was backed up. Nothing was written.")
    if len(seen.lists) < 2:
        print("To restore, both files are needed: data, and keys of the same time or newer.")
    if seen.opens is False:
        return say("The master key that you named does not open it.", WRONG)
    print("The master key that you named opens it." if seen.opens else _NOT_ASKED)
    return DONE


_NOT_ASKED = (
    "Whether your master key opens it was not looked at: name it with --master-key, and the file of keys."
)


def _restored(args: argparse.Namespace, seen: Looked) -> int:
    from fairnotice.site import config

    print(f"Restored into {args.into}; every file is as it was backed up.")
    print(f"Destroyed {seen.erased_again} keys again that were erased since.")
    if seen.opens is False:
        print("The master key that you named does not open it.")
    where = config.load(args.into).master_key_file or str(config.default_key_file(args.into))
    print(f"Its master key is looked for at: {where} (master_key_file in {args.into / config.FILE_NAME}).")
    if args.log:
        return _read_back(args)
    print(
        "What was published since is not in it. Before it can be served, compare it with the newest copy of "
        f"the published log:\n  fairnotice log recover --from DIR|URL --data {args.into}\n"
        "If you know that nothing was published since: --nothing-newer instead of --from."
    )
    return DONE


def _read_back(args: argparse.Namespace) -> int:
    from fairnotice.ledger.errors import LogRefusal
    from fairnotice.site import init, recover_command
    from fairnotice.site.setup import NotReady
    from fairnotice.vault.errors import VaultError

    later = f"Afterwards: fairnotice log recover --from {args.log} --data {args.into}"
    try:
        init.run(args.into)
        recover_command.read_back(args.log)
    except (NotReady, VaultError, LogRefusal, ValueError) as error:
        return say(f"{error}\nIt is restored, but the log was not looked at. {later}", WRONG)
    return DONE


def _contents(listed: Manifest) -> Iterator[str]:
    yield f"  {len(listed.files)} files, {listed.size:,} bytes"
    told = [f"{listed.counts[table]:,} {name}" for table, name in _TELLING.items() if table in listed.counts]
    if told:
        yield f"  {', '.join(told)}"
    for origin, size, _root in listed.logs:
        yield f"  {origin}: {size:,} entries"


@contextmanager
def _bars() -> Iterator[Callable[[str, int], Callable[[int], object]]]:
    """Progress of long work, one bar for each part of it; on a terminal only."""
    from contextlib import ExitStack

    from tqdm import tqdm

    with ExitStack() as open_bars:

        def bar(what: str, total: int) -> Callable[[int], object]:
            made = tqdm(total=total, desc=what, unit="B", unit_scale=True, disable=None)
            open_bars.enter_context(made)
            update: Callable[[int], object] = made.update
            return update

        yield bar
