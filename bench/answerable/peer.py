"""pytricia, a prefix tree in C, holding the entries that held on one day, or all: the oracle and the peer."""

from __future__ import annotations

import socket
from collections.abc import Iterable

import pytricia

from bench.answerable.data import Entry


class Peer:
    """One tree for IPv4 and one for IPv6; a prefix's value is the number of its entry and one, as the row's
    number in the database is."""

    def __init__(self, register: Iterable[Entry], day: int | None) -> None:
        self.v4 = pytricia.PyTricia(32)
        self.v6 = pytricia.PyTricia(128, socket.AF_INET6)
        for number, each in enumerate(register):
            if day is None or each.held(day):
                (self.v4 if each.version == 4 else self.v6)[each.text] = number + 1

    def tree(self, version: int) -> pytricia.PyTricia:
        """The tree of a version."""
        return self.v4 if version == 4 else self.v6

    def chain(self, version: int, text: str) -> list[int]:
        """The values of all prefixes around an address, from the narrowest."""
        tree = self.tree(version)
        found, key = [], tree.get_key(text)
        while key:
            found.append(tree[key])
            key = tree.parent(key)
        return found
