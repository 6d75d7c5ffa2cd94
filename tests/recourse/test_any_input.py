"""Whatever is typed or asked for, these pages answer; they never fall over."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.models import Appeal
from fairnotice.plumbing import limits
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
FORM = "application/x-www-form-urlencoded"
# Also bytes that are no text: NUL, and what lone surrogates look like on the wire.
ANYTHING = st.one_of(
    st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.binary(max_size=60),
    st.sampled_from(
        [b"\x00", b"\xed\xa0\x80", b"A" * 26, b"\xef\xbc\xa1" * 26, b"/../", b"%00", "\u2028".encode()]
    ),
)
QUIETLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def sent():
    return making.notice()


@QUIETLY
@given(typed=ANYTHING)
def test_any_code(typed: bytes) -> None:
    limits._full_again.clear()
    answer = Client().post("/status/", b"code=" + quote_from_bytes(typed).encode(), content_type=FORM)
    assert answer.status_code == 200 and "fn_access" not in answer.cookies


@QUIETLY
@given(ref=ANYTHING, typed=ANYTHING)
def test_any_reference(ref: bytes, typed: bytes, enter, sent) -> None:
    limits._full_again.clear()
    client = enter(sent.code)
    name = quote_from_bytes(ref, safe="")
    body = b"what=appeal&ref=" + name.encode() + b"&reasons=" + quote_from_bytes(typed).encode()
    for path in (
        f"/status/statement/{name}/",
        f"/status/appeal/{name}/",
        f"/status/withdraw/?what=appeal&ref={name}",
        f"/status/withdraw/?what={name}",
    ):
        assert client.get(path).status_code == 404
        assert client.head(path).status_code == 404
    assert client.get(f"/status/receipt/?statement={name}").status_code in ((404,) if ref else (200,))
    assert client.post(f"/status/appeal/{name}/", body, content_type=FORM).status_code == 404
    assert client.post("/status/withdraw/", body, content_type=FORM).status_code == 404


@pytest.fixture
def decision(sent):
    return making.decided(sent, making.account("r", "reviewer"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=ANYTHING)
def test_any_words_are_taken_or_answered(typed: bytes, enter, sent, decision) -> None:
    limits._full_again.clear()
    url = f"/status/appeal/{decision.ref}/"
    client = enter(sent.code)
    with transaction.atomic():
        answer = client.post(url, b"reasons=" + quote_from_bytes(typed).encode(), content_type=FORM)
        assert answer.status_code == (303 if Appeal.objects.exists() else 200)
        assert client.get(url).status_code == 200
        transaction.set_rollback(True)


@pytest.mark.parametrize("cookie", ["", "x", "1:2:3", "\xff", "a" * 5000])
def test_any_cookie_is_no_access(cookie: str) -> None:
    client = Client()
    client.cookies["fn_access"] = cookie
    assert client.get("/status/view/").status_code == 403
