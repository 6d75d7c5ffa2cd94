"""What people write is read as the place they mean."""

from __future__ import annotations

import pytest

from fairnotice.answerable.resources import NotALocation, Target, parse, parse_resource


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        ("https://www.example.org/a?b#c", "domain", "www.example.org"),
        ("example.org", "domain", "example.org"),
        ("EXAMPLE.org.", "domain", "example.org"),
        ("example.org:8443/path", "domain", "example.org"),
        ("  https://user:secret@example.org/  ", "domain", "example.org"),
        ("https://bücher.example/", "domain", "xn--bcher-kva.example"),
        ("BÜCHER.example", "domain", "xn--bcher-kva.example"),
        ("例え。example", "domain", "xn--r8jz45g.example"),
        ("gemini://bücher.example/x", "domain", "xn--bcher-kva.example"),
        ("http://_dmarc.example.org/", "domain", "_dmarc.example.org"),
        ("http://localhost:8000/", "domain", "localhost"),
        ("192.0.2.1", "ip", "192.0.2.1"),
        ("192.0.2.1/page", "ip", "192.0.2.1"),
        ("http://192.0.2.1:8080/x", "ip", "192.0.2.1"),
        ("http://3221225985/", "ip", "192.0.2.1"),
        ("http://0xC0000201/", "ip", "192.0.2.1"),
        ("0xC0000201", "ip", "192.0.2.1"),
        ("http://0300.0.02.1/", "ip", "192.0.2.1"),
        ("http://[2001:db8::1]/x", "ip", "2001:db8::1"),
        ("[2001:DB8:0::1]", "ip", "2001:db8::1"),
        ("2001:db8::1", "ip", "2001:db8::1"),
        ("http://[::ffff:192.0.2.1]/", "ip", "192.0.2.1"),
        ("192.0.2.0/24", "ip", "192.0.2.0/24"),
        ("192.0.2.77/24", "ip", "192.0.2.0/24"),
        ("2001:db8::/32", "ip", "2001:db8::/32"),
        ("192.0.2.10 - 192.0.2.20", "ip", "192.0.2.10-192.0.2.20"),
        ("192.0.2.0-192.0.2.255", "ip", "192.0.2.0/24"),
        ("AS64500", "as", "AS64500"),
        ("as 64500", "as", "AS64500"),
        ("64500", "as", "AS64500"),
        ("AS1.10", "as", "AS65546"),
        ("AS64500-AS64510", "as", "AS64500-AS64510"),
    ],
)
def test_reads_what_is_meant(written: str, kind: str, read: str) -> None:
    target = parse(written)
    assert (target.kind, target.text) == (kind, read)
    assert Target.from_json(target.to_json()) == target


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "hello",
        "the third post by the same account",
        "someone@example.org",
        "mailto:someone@example.org",
        "data:text/plain,hello",
        "javascript:alert(1)",
        "https://",
        "https://exa mple.org/",
        "https://example..org/",
        "https://-.example.org/",
        "file:///etc/hosts",
        "2001:db8::/129",
        "fe80::1%eth0",
        "192.0.2.9-192.0.2.1",
        "192.0.2.1-2001:db8::1",
        "AS4294967296",
        "AS1.70000",
        "AS9-AS1",
        "x" * 9000 + ".example",
        "\ud800.example",
        "exam\x00ple.org",
        "a" * 64 + ".example",
    ],
)
def test_says_what_names_no_place_without_repeating_it(written: str) -> None:
    with pytest.raises(NotALocation) as caught:
        parse(written)
    message = str(caught.value)
    assert message.endswith(".")
    assert not written.strip() or written.strip() not in message


def test_ipv4_in_ipv6_clothes_is_the_same_address() -> None:
    assert parse("::ffff:192.0.2.1") == parse("192.0.2.1")
    assert parse("::ffff:192.0.2.1").is_v4
    assert not parse("::/0").is_v4


def test_a_resource_is_taken_as_written_or_not_at_all() -> None:
    assert parse_resource("192.0.2.0/24").text == "192.0.2.0/24"
    assert parse_resource("server:Web1.Example.net") == Target("server", name="web1.example.net")
    assert parse_resource("Example.org.") == Target("domain", name="example.org")
    for text in (
        "192.0.2.77/24",
        "192.0.2.0/33",
        "https://example.org/",
        "example.org/path",
        "someone@example.org",
        "example.org:80",
        "server:192.0.2.1",
        "_sip.example.org",
        "server:",
        "",
    ):
        with pytest.raises(NotALocation):
            parse_resource(text)
