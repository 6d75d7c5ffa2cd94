"""Whatever is written behind `/rdap/` is answered as RDAP, and never with a fault of ours."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.answerable.rdap_reading import ask
from tests.answerable.register import hold

pytestmark = pytest.mark.usefixtures("fn_db")
WORDS = (
    "ip",
    "autnum",
    "domain",
    "nameserver",
    "entity",
    "help",
    "domains",
    "entities",
    "history",
    "bootstrap",
)
SEEN = {200, 400, 404, 501}
pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ("192.0.2.1", "192.0.2.0", "24", "2001:db8::", "64496", "example.org", "LIR-1", "LIR-1~ABUSE")
    ),
    st.text(max_size=12),
    st.from_regex(r"[0-9a-f:.]{1,20}(/[0-9]{1,3})?", fullmatch=True),
    st.ip_addresses().map(str),
    st.integers(0, 2**33).map(str),
    st.text("abcü.-_xn", max_size=20),
)
paths = st.lists(pieces, min_size=1, max_size=4).map("/".join)


@pytest.fixture
def register() -> None:
    hold("192.0.2.0/24", "LIR-1")
    hold("AS64496", "LIR-1")
    hold("example.org", "LIR-1", kind="registrar")


@given(path=paths.filter(lambda path: path != ""))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_is_answered(client: Client, register: None, settings, path: str) -> None:
    settings.FN_RDAP_PER_MINUTE = 1_000_000
    asked = quote(path, safe="/:")
    answer = client.get(f"/rdap/{asked}")
    assert answer.status_code in SEEN, path
    if answer["Content-Type"] == "application/rdap+json":
        ask(client, asked, answer.status_code)
    else:
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert "bootstrap/" in path


@given(raw=st.binary(min_size=1, max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_answered(client: Client, settings, raw: bytes) -> None:
    settings.FN_RDAP_PER_MINUTE = 1_000_000
    for word in ("", "ip/", "domain/", "entity/", "history/autnum/"):
        asked = word + quote(raw)
        assert client.get(f"/rdap/{asked}").status_code in SEEN
