"""What the program says about requests: nothing that a visitor sent."""

import io
import logging
import socket

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client

from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import Forbidden
from fairnotice.site import urls
from fairnotice.site.describe import describe
from tests.site.served import serving
from tests.site.test_access import PATHS

SENTINEL = "sentinel7f3a"


@pytest.fixture
def said():
    """Everything that any logger of ours and the root logger say, as text."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("fairnotice", "django", "django.request", "")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream.getvalue
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def broken_home(monkeypatch):
    """Makes the first page raise what is given."""
    pattern = next(pattern for pattern in urls.urlpatterns if getattr(pattern, "name", "") == "home")

    def make(error: Exception) -> Client:
        def home(request: HttpRequest) -> None:
            visitor = f"{SENTINEL} in a local variable"
            assert visitor
            raise error

        monkeypatch.setattr(pattern, "callback", home)
        return Client(raise_request_exception=False)

    return make


@pytest.mark.usefixtures("fn_db")
@pytest.mark.parametrize("name", sorted(PATHS))
def test_no_line_holds_what_a_visitor_sent(said, name):
    client = Client(raise_request_exception=False)
    path = PATHS[name].replace("aaaaaaaaaaaa", SENTINEL)
    client.cookies["sessionid"] = client.cookies["other"] = SENTINEL
    headers = {
        "User-Agent": SENTINEL,
        "Referer": f"https://{SENTINEL}.example.org/",
        "X-Forwarded-For": SENTINEL,
        "Authorization": f"Bearer {SENTINEL}",
        "Idempotency-Key": SENTINEL,
    }
    for method in ("GET", "POST", "PUT", SENTINEL.upper()):
        client.generic(method, f"{path}?q={SENTINEL}", f"field={SENTINEL}", headers=headers)
        client.post(
            path, {"login": SENTINEL, "password": SENTINEL, "code": SENTINEL}, REMOTE_ADDR="192.0.2.66"
        )
        client.post(path, f'{{"why": "{SENTINEL}"}}', content_type="application/json", headers=headers)
    text = said()
    assert text.count(" ms") >= 12
    assert SENTINEL not in text.lower()
    assert "192.0.2.66" not in text
    assert "127.0.0.1" not in text


@pytest.mark.usefixtures("fn_db")
def test_a_line_says_method_route_status_and_time(said):
    client = Client(raise_request_exception=False)
    client.get("/healthz")
    client.get(f"/nothing/{SENTINEL}/")
    client.generic(SENTINEL, "/about/")
    client.get("/static/fairnotice/fairnotice.css")
    lines = [line.rsplit(" ", 2)[0] for line in said().splitlines()]
    assert lines == ["GET healthz 200", "GET - 404", "OTHER about 405", "GET static 200"]


@pytest.mark.usefixtures("fn_db")
def test_an_unhandled_exception_is_a_page_and_a_line_without_its_message(said, broken_home):
    answer = broken_home(ValueError(f"{SENTINEL} in the message")).get(f"/?q={SENTINEL}")
    assert answer.status_code == 500
    assert SENTINEL not in answer.content.decode()
    assert "home: builtins.ValueError at site/test_middleware.py:" in said()
    assert SENTINEL not in said()


@pytest.mark.usefixtures("fn_db")
@pytest.mark.parametrize(
    ("error", "status", "shown"),
    [
        (NotFound("no such case"), 404, "There is no page here"),
        (Conflict("stale"), 409, "Somebody else was faster"),
        (Refused("The time for appeal is over."), 409, "The time for appeal is over."),
        (Forbidden("This needs the role publisher."), 403, "This needs the role publisher."),
        (OperationalError(f"locked {SENTINEL}"), 503, "Something went wrong on our side"),
    ],
)
def test_a_refusal_that_no_view_caught_is_a_page(broken_home, said, error, status, shown):
    answer = broken_home(error).get("/")
    assert answer.status_code == status
    assert shown in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert SENTINEL not in said() + answer.content.decode()


def test_causes_are_named_without_their_messages():
    try:
        try:
            raise KeyError(SENTINEL)
        except KeyError as error:
            raise RuntimeError(SENTINEL) from error
    except RuntimeError as error:
        text = describe(error)
    assert text.startswith("builtins.RuntimeError at site/test_middleware.py:")
    assert "from builtins.KeyError at site/test_middleware.py:" in text
    assert SENTINEL not in text


@pytest.mark.fault
def test_the_real_server_prints_nothing_that_was_sent_even_where_it_is_not_http(data_folder):
    letters = [
        f"GET /{SENTINEL} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: {SENTINEL}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {SENTINEL}.example.org\r\n\r\n",
        f"{SENTINEL} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        f"GET /{SENTINEL}%ff%00?%ff={SENTINEL} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {SENTINEL}\xff\r\n\r\n",
        f"GET /{SENTINEL} HTTP/9\r\n{SENTINEL}\r\n\r\n",
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n{SENTINEL}",
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; "
        f"boundary={SENTINEL}\r\nContent-Length: 12\r\n\r\n{SENTINEL}",
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Transfer-Encoding: chunked\r\n\r\nzz{SENTINEL}\r\n",
    ]
    with serving(data_folder) as served:
        for letter in letters:
            with socket.create_connection(("127.0.0.1", served.port), timeout=10) as peer:
                peer.sendall(letter.encode("latin-1"))
                peer.shutdown(socket.SHUT_WR)
                status = peer.makefile("rb").readline()
            assert b" 5" not in status, (letter, status)
        assert served.get("/healthz")[0] == 200
        assert served.stop() == 0
        assert "fairnotice.request GET healthz 200" in served.said()
        assert SENTINEL not in served.said().lower()
