"""What the commands of the observatory share: which store they mean, and what has to be installed."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import UNUSABLE, say

if TYPE_CHECKING:
    from fairnotice.observatory.store import Store

NEEDED = {
    "polars": "polars",
    "pyarrow": "pyarrow",
    "isal": "isal",
    "duckdb": "duckdb",
    "ibis": "ibis-framework",
}


def add_store(verb: argparse.ArgumentParser) -> None:
    """`--store DIR`, as every command of the group has it; `store_of` reads it. No data folder is needed."""
    verb.add_argument(
        "--store",
        type=Path,
        metavar="DIR",
        help="the store (default: the setting observatory_store, which is observatory in the data folder)",
    )
    verb.set_defaults(needs="nothing")


def store_of(args: argparse.Namespace) -> Store:
    """The store that was named, or the data folder's. Raises NotReady where its settings cannot be read."""
    from fairnotice.observatory.store import Store
    from fairnotice.site.config import ConfigError, load
    from fairnotice.site.setup import NotReady, use

    if args.store:
        return Store(args.store)
    data = use(args.data)
    try:
        return Store(data / (load(data).observatory_store or "observatory"))
    except ConfigError as error:
        raise NotReady([str(error)]) from error


def with_data(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, unless a library of the extra `data` is missing: then one line that says what to do. What
    a store says is wrong with it becomes one line too."""

    def guarded(args: argparse.Namespace) -> int:
        from fairnotice.observatory.store import StoreError

        for module, package in NEEDED.items():
            if importlib.util.find_spec(module) is None:
                return say(f"{package} is not installed: pip install 'fairnotice[data]'", UNUSABLE)
        try:
            return run(args)
        except StoreError as error:
            return say(f"{error}.", UNUSABLE)

    return guarded
