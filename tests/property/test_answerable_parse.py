"""Any text at all is either a location or politely none."""

from __future__ import annotations

import ipaddress

from hypothesis import example, given
from hypothesis import strategies as st

from fairnotice.answerable.resources import NotALocation, Target, parse, parse_resource

_pieces = st.sampled_from(
    [
        "http://",
        "AS",
        "/",
        ":",
        ".",
        "-",
        "[",
        "]",
        "@",
        "%",
        "0x",
        "::",
        "192.0.2.1",
        "example",
        "xn--",
        "ü",
        "。",
    ]
)
_near = st.lists(_pieces | st.text(max_size=3) | st.integers(0, 2**33).map(str), max_size=8).map("".join)
_any = st.text(st.characters(), max_size=80)


@given(_any | _near)
@example("\ud800")
@example("http://xn--/")
@example("0-0")
@example("٣٢")
def test_any_text_gives_a_target_or_not_a_location(text: str) -> None:
    for read in (parse, parse_resource):
        try:
            target = read(text)
        except NotALocation:
            continue
        assert isinstance(target, Target)
        assert Target.from_json(target.to_json()) == target
        if target.kind in ("ip", "as"):
            assert 0 <= target.start <= target.end < 2**128


@given(st.ip_addresses())
def test_addresses_are_read_as_the_standard_library_reads_them(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    plain = parse(str(address))
    in_url = parse(f"http://[{address}]/" if address.version == 6 else f"http://{address}/")
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else address
    wanted = int(address) if mapped is None else 0xFFFF_0000_0000 + int(mapped)
    assert plain == in_url == Target("ip", wanted, wanted)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6), st.data())
def test_prefixes_are_read_as_the_standard_library_reads_them(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, data: st.DataObject
) -> None:
    length = data.draw(st.integers(0, address.max_prefixlen))
    network = ipaddress.ip_network(f"{address}/{length}", strict=False)
    base = 0xFFFF_0000_0000 if network.version == 4 else 0
    target = parse(f"{address}/{length}")
    assert (target.start, target.end) == (base + int(network[0]), base + int(network[-1]))
