"""The look-up agrees with a naive one over the standard library's networks, through the database."""

from __future__ import annotations

import ipaddress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fairnotice.answerable.lookup import find
from tests.answerable.register import plant

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Held = dict[Network, tuple[date, date | None]]

# Few distinct high and low bits, so that networks nest, repeat and touch often.
_bits = st.integers(0, 7)
_v4 = st.builds(
    lambda high, low, length: ipaddress.ip_network(((high << 29) | (low << 3), length), strict=False),
    _bits,
    _bits,
    st.sampled_from([0, 1, 2, 3, 24, 26, 29, 31, 32]),
)
_v6 = st.builds(
    lambda high, low, length: ipaddress.ip_network(
        (int(ipaddress.IPv6Address("2001:db8::")) | (high << 64) | low, length), strict=False
    ),
    _bits,
    _bits,
    st.sampled_from([0, 16, 32, 61, 62, 64, 125, 127, 128]),
)
_days = st.dates(date(2024, 1, 1), date(2024, 1, 8))
_spans = st.tuples(_days, st.none() | _days).filter(lambda span: span[1] is None or span[0] < span[1])


@pytest.mark.django_db
class MostSpecific(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(
        st.dictionaries(_v4 | _v6, _spans, max_size=12), st.lists(_v4 | _v6, min_size=1, max_size=6), _days
    )
    def test_agrees_with_a_naive_oracle(self, held: Held, asked: list[Network], day: date) -> None:
        for network, (since, until) in held.items():
            plant(
                str(network),
                f"H-{network.version}-{int(network.network_address)}-{network.prefixlen}",
                since=since.isoformat(),
                until=until.isoformat() if until else None,
            )
        for network in asked:
            for text in (str(network), str(network.network_address)):
                wanted = _naive(held, ipaddress.ip_network(text), day)
                found = find(text, day).holder
                assert (ipaddress.ip_network(found.resource) if found else None) == wanted


def _naive(held: Held, asked: Network, day: date) -> Network | None:
    covering = [
        network
        for network, (since, until) in held.items()
        if network.version == asked.version
        and asked.subnet_of(network)  # type: ignore[arg-type]
        and since <= day
        and (until is None or day < until)
    ]
    return max(covering, key=lambda network: network.prefixlen, default=None)
