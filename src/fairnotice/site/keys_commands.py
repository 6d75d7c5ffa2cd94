"""`fairnotice keys ...`: where the master key is, and another one in its place."""

from __future__ import annotations

import argparse
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers
    from fairnotice.vault.sources import KeyFile, Source


def add_parser(keys: Subparsers) -> None:
    """Add the commands of the group `keys`."""
    verb = keys.add_parser("status", help="say where the master key is, and whether another is on its way")
    verb.set_defaults(run=status)

    verb = keys.add_parser(
        "rotate-master",
        help="put another master key in the place of this one, while the service runs; run it again if it "
        "was cut off",
    )
    verb.add_argument(
        "--new-key",
        metavar="WHERE",
        help="the new key: a file (made where there is none), credential:NAME or command:PROGRAM "
        "(default: a new file beside the present one, which takes its place at the end)",
    )
    verb.set_defaults(run=rotate_master)


def status(args: argparse.Namespace) -> int:
    """`fairnotice keys status`."""
    from django.conf import settings

    from fairnotice.vault import master, rotation, sources, wrapping
    from fairnotice.vault.models import Key

    wrapping.check_master()
    print(f"The master key is read from {sources.parse(settings.FN_MASTER_KEY_FILE)}.")
    print(f"Its name: {master.key_id(master.load())} (tells nothing about it)")
    print(f"Keys in force: {Key.objects.filter(destroyed_at=None).count()}.")
    print(f"Destroyed: {Key.objects.exclude(destroyed_at=None).count()}.")
    if rotation.under_way():
        print(f"Another master key is on its way: {wrapping.in_force()}. {rotation.left()} keys are left.")
        return say("Run: fairnotice keys rotate-master", WRONG)
    return DONE


def rotate_master(args: argparse.Namespace) -> int:
    """`fairnotice keys rotate-master`: 1 where a person has to do something before it can be finished."""
    from django.conf import settings
    from tqdm import tqdm

    from fairnotice.vault import master, rotation, sources, wrapping

    source = sources.parse(settings.FN_MASTER_KEY_FILE)
    with _alone(Path(settings.FN_DATA)):
        wrapping.check_master()
        if not rotation.under_way():
            if _is_new(args.new_key):
                return _already(args.new_key)
            rotation.begin(_new_key(source, args.new_key))
        elif args.new_key:
            _same_key(args.new_key)
        with tqdm(total=rotation.left(), desc="keys", unit="", disable=None) as bar:
            count = rotation.rewrap(bar.update)
        new = wrapping.in_force()
        print(f"{count} keys are wrapped under the new master key {new}.")
        if master.key_id(master.read_again()) != new:
            kept = _swap(source, new)
            if kept is None:
                return _by_hand(args.new_key)
            print(f"The new master key is in its place. The old one is kept in {kept}.")
            print("  Make a copy of it now and keep that elsewhere.")
            print(
                f"  Destroy {kept} and your copies of it once the last backup of the keys made before today "
                f"is gone ({settings.FN_KEYS_BACKUP_DAYS} days): until then that backup needs it."
            )
        rotation.finish()
    print("The old master key opens nothing any more.")
    return DONE


def _already(named: str) -> int:
    print(f"The key in {named} is in force already, and none is on its way: nothing to do.")
    return DONE


def _is_new(named: str | None) -> bool:
    """Whether the named key is the one that is in force."""
    from fairnotice.vault import master, sources, wrapping

    if named is None:
        return False
    source = sources.parse(named)
    if isinstance(source, sources.KeyFile) and not source.path.exists():
        return False
    return master.key_id(sources.read(source)) == wrapping.in_force()


def _new_key(source: Source, named: str | None) -> bytes:
    """The key to go over to: made where there is none, and never one that is not kept safely."""
    from django.conf import settings

    from fairnotice.vault import master, sources
    from fairnotice.vault.errors import MasterKeyError

    if named is not None:
        new = sources.parse(named)
    elif isinstance(source, sources.KeyFile):
        new = _beside(source)
    else:
        raise MasterKeyError(
            f"The master key comes from {source}. Name the new one with --new-key: a file, or "
            "credential:NAME or command:PROGRAM."
        )
    if isinstance(new, sources.KeyFile) and not new.path.exists():
        master.create(new.path)
        print(f"Made the new master key {new.path}.")
    setting = str(new.path) if isinstance(new, sources.KeyFile) else str(named)
    if found := master.problems(setting, Path(settings.FN_DATA)):
        raise MasterKeyError("\n".join(found))
    return sources.read(new)


def _same_key(named: str) -> None:
    """While a rotation is under way: the named key is the one, or is written anew where it was lost."""
    from fairnotice.vault import master, sources, wrapping
    from fairnotice.vault.errors import MasterKeyError

    new, source = wrapping.in_force(), sources.parse(named)
    if isinstance(source, sources.KeyFile) and not source.path.exists():
        master.create(source.path, wrapping.key(new))
        print(f"Wrote the new master key to {source.path}.")
    elif master.key_id(sources.read(source)) != new:
        raise MasterKeyError(
            f"Another master key ({new}) is on its way already. Run the command without --new-key to finish "
            "that first."
        )


def _beside(source: KeyFile) -> KeyFile:
    from fairnotice.vault import sources

    real = source.path.resolve()
    return sources.KeyFile(real.with_name(real.name + ".next"))


def _swap(source: Source, new: str) -> Path | None:
    """Put the new key, if it lies beside the present one, in its place; where the old one is now, or None."""
    from fairnotice.vault import master, sources
    from fairnotice.vault.errors import MasterKeyError

    if not isinstance(source, sources.KeyFile):
        return None
    beside = _beside(source)
    try:
        if master.key_id(sources.read(beside)) != new:
            return None
    except MasterKeyError:
        return None
    real = source.path.resolve()
    old = master.key_id(sources.read(source))
    kept = real.with_name(f"{real.name}.old-{old}")
    master.put_in_place(beside.path, real, kept)
    return kept


def _by_hand(named: str | None) -> int:
    where = named or "the new key (fairnotice keys rotate-master --new-key FILE writes it to a new file)"
    return say(
        "All keys are wrapped under the new master key; the old one still opens them, too. To finish:\n"
        f"1. Let 'master_key_file' in fairnotice.toml lead to {where}, or put that key where it leads.\n"
        "2. Restart 'fairnotice serve', so that it reads the new key.\n"
        "3. Run again: fairnotice keys rotate-master",
        WRONG,
    )


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One rotation at a time; freed by the system however it ends."""
    descriptor = os.open(data / "rotate.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
