"""A file with as many prefixes as asked for, in the shape of real ones: most are /24 and /48, some hold
others."""

from __future__ import annotations

import csv
import random
import socket
from pathlib import Path

HEADER = (
    "organisation_handle", "organisation_name", "country", "contact_address", "resource", "delegation_kind",
    "valid_from",
)  # fmt: skip
# Shares of the lengths among the prefixes of the global routing tables, rounded.
V4 = {24: 60, 23: 10, 22: 12, 21: 5, 20: 4, 19: 3, 18: 2, 17: 1, 16: 2, 15: 0.3, 14: 0.3, 13: 0.2,
      12: 0.1, 11: 0.05, 10: 0.03, 9: 0.02, 8: 0.02}  # fmt: skip
V6 = {48: 46, 32: 12, 44: 11, 40: 8, 36: 6, 29: 5, 47: 3, 33: 3, 46: 3, 42: 2, 38: 1}
COUNTRIES = ("DE", "NL", "FR", "PL", "SE", "ES", "IT", "US", "BR", "JP")


def prefixes(count: int, chance: random.Random) -> list[str]:
    """So many different prefixes in the order of their addresses, IPv4 first; a fifth are IPv6."""
    fours: set[tuple[int, int]] = set()
    while len(fours) < count - count // 5:
        for length in chance.choices(list(V4), list(V4.values()), k=10_000):
            fours.add(
                (chance.randrange(1, 224 << (length - 8) if length > 8 else 224) << (32 - length), length)
            )
    sixes: set[tuple[int, int]] = set()
    while len(sixes) < count // 5:
        for length in chance.choices(list(V6), list(V6.values()), k=10_000):
            sixes.add(((0x2000 << 112) | chance.getrandbits(length - 3) << (128 - length), length))
    chosen4 = sorted(chance.sample(sorted(fours), count - count // 5))
    chosen6 = sorted(chance.sample(sorted(sixes), count // 5))
    return [f"{socket.inet_ntop(socket.AF_INET, a.to_bytes(4, 'big'))}/{n}" for a, n in chosen4] + [
        f"{socket.inet_ntop(socket.AF_INET6, a.to_bytes(16, 'big'))}/{n}" for a, n in chosen6
    ]


def write(path: Path, count: int) -> int:
    """Write the file: organisations with their contacts, then allocations. Returns the number of its
    lines."""
    chance = random.Random(20260101)  # the same file each time
    organisations = max(count // 14, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(organisations):
            country = chance.choice(COUNTRIES)
            name = f"Example Network {number}"
            writer.writerow((f"ORG-{number}", name, country, f"abuse@n{number}.example", "", "", ""))
        for prefix in prefixes(count, chance):
            number = int(organisations * chance.random() ** 3)
            day = f"{chance.randrange(1995, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
            writer.writerow((f"ORG-{number}", f"Example Network {number}", "", "", prefix, "allocation", day))
    return organisations + count
