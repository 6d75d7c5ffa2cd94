"""Where names end that somebody registered. Pure; the list of public suffixes comes with the program."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList


def registrable_names(name: str) -> list[str]:
    """The name and those above it, down to the last one below its public suffix.

    Only suffixes run by registries count. Under a suffix that belongs to a company (its customers' sites live
    there), that company answers, so the walk goes on through it.
    """
    suffix = _suffixes().publicsuffix(name) or ""
    labels = name.split(".")
    depth = max(len(labels) - len(suffix.split(".")), 1) if suffix else len(labels)
    return [".".join(labels[i:]) for i in range(depth)]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
