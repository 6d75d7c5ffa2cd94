"""What an attacker sends to the running program over HTTP, and what comes back."""

from __future__ import annotations

import re
import socket

import pytest

from fairnotice.cases.permissions import PUBLIC, ROUTES
from tests.site.routes import all_routes
from tests.site.served import serving
from tests.site.visitor import Answer, Visitor

pytestmark = pytest.mark.fault
ODD_PATHS = (
    "/nowhere",
    "/register",
    "//evil.example.org/log",
    "/static/fairnotice/fairnotice.css",
    "/static/fairnotice/mark.svg",
    "/static/nothing",
    "/%00",
    "/%ff%fe",
    "/rules/999999999999999999999999999/",
    "/rules/" + "9" * 5000 + "/",
    "/register/?page=999999&month=%00&q=%ff%00",
    "/register.json?" + "&".join(f"p{number}=1" for number in range(500)),
)
CLIMBING = (
    "/log/tile/../../keys.sqlite3",
    "/log/tile/..%2f..%2fkeys.sqlite3",
    "/log/tile/%2e%2e/%2e%2e/db.sqlite3",
    "/log/tile/0/../../../fairnotice.toml",
    "/log/tile/0/000/../../../../fairnotice.toml",
    "/log/tile//0/000",
    "/log/2026/tile/../../../keys.sqlite3",
    "/log/2026/tile/..%2f..%2f..%2fkeys.sqlite3",
    "/log/2026/../2026/checkpoint/../../keys.sqlite3",
    "/log/../fairnotice.toml",
    "/static/../settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/fairnotice/%2e%2e/%2e%2e/%2e%2e/settings.py",
    "/static//etc/passwd",
)


def protected(answer: Answer) -> list[str]:
    """What is missing among the headers that protect a reader."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    missing = [part for part in ("default-src 'none'", "frame-ancestors 'none'") if part not in policy]
    if "unsafe" in policy:
        missing.append("a policy without exceptions")
    if headers.get("X-Content-Type-Options") != "nosniff":
        missing.append("nosniff")
    if "Strict-Transport" not in headers and headers.get("Referrer-Policy") not in (None, "same-origin"):
        missing.append("Referrer-Policy")
    return missing


def test_every_answer_to_every_method_carries_the_protection(data_folder):
    data_folder.configure(api_per_minute=1000)
    public_json = {"register-list-json", "register-entry-json", "register-proof", "well-known"}
    public_json |= {"report-file", "report-zip", "tally", "tally-proof", "tallies-zip"}
    public_json |= {"statistics-json", "statistics-csv", "observatory-json", "observatory-csv"}
    public_json |= {"observatory-compare-json", "observatory-compare-csv"}
    public_json |= {name for name in ROUTES if name.startswith("rdap-")}
    with serving(data_folder) as served:
        who = Visitor(served.port, headers={"Origin": "https://evil.example.org"})
        faults: list[tuple[object, ...]] = []
        for name, path in all_routes():
            for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "BREW"):
                answer = who.send(method, path, b"{}" if method in ("POST", "PUT") else None)
                seen = (method, path, answer.status)
                faults += [(*seen, fault) for fault in protected(answer)]
                if answer.status >= 500:
                    faults.append((*seen, "failed"))
                if method == "HEAD" and answer.body:
                    faults.append((*seen, "a body"))
                if answer.headers.get("Access-Control-Allow-Origin") and name not in public_json:
                    faults.append((*seen, "open to other sites"))
                stored = "no-store" not in answer.headers.get("Cache-Control", "")
                if stored and ROUTES[name] != PUBLIC:
                    faults.append((*seen, "may be cached"))
                # Nobody is signed in here and no form has its token.
                # The first page of the form only shows what was typed.
                done = method in ("POST", "PUT", "DELETE") and answer.status < 300
                if done and name != "notice-new":
                    faults.append((*seen, "was done"))
        for path in (*ODD_PATHS, *CLIMBING):
            answer = who.get(path)
            faults += [(path, answer.status, fault) for fault in protected(answer)]
            if answer.status >= 500 or answer.headers.get("Access-Control-Allow-Origin") not in (None, "*"):
                faults.append((path, answer.status, "failed"))
            if answer.location.startswith(("//", "http")):
                faults.append((path, answer.location))
        assert faults == []
        assert {who.get(path).status for path in CLIMBING} == {404}
        static = who.get("/static/fairnotice/mark.svg")
        assert (static.status, static.headers.get("Access-Control-Allow-Origin")) == (200, None)


def test_no_header_makes_the_program_take_another_host_or_address_for_its_own(data_folder):
    with serving(data_folder) as served:
        who = Visitor(served.port)
        assert who.send("GET", "/", Host="evil.example.org").status == 400
        assert who.send("GET", "/status/", Host="evil.example.org").status == 400
        assert who.send("GET", "http://evil.example.org/").status in (200, 400)
        lies = {
            "X_Forwarded_Host": "evil.example.org",
            "X_Forwarded_Proto": "https",
            "Forwarded": "host=evil.example.org;proto=https",
            "X_Original_URL": "/desk/",
            "X_HTTP_Method_Override": "POST",
            "X_Rewrite_URL": "/desk/",
        }
        for path in ("/", "/register", "/desk/", "/status/", "/register.json"):
            honest, lied = who.get(path), who.send("GET", path, body=None, **lies)
            assert (lied.status, lied.location) == (honest.status, honest.location)
            assert "evil" not in lied.text
            assert "evil" not in str(lied.headers)
        for number in range(25):
            answer = Visitor(served.port, headers={"X-Forwarded-For": f"192.0.2.{number}"}).post(
                "/status/", {"code": "A" * 26}
            )
        assert answer.status == 429, "the limit counts by the connection, not by what somebody claims"
        other = Visitor(served.port, "127.0.0.9")
        assert other.post("/status/", {"code": "A" * 26}).status == 200, "and keeps nobody else out"


#: The public form takes no cookie and needs none (`intake.own_page`).
COOKIELESS = {"notice-new", "notice-review", "notice-send", "reports-subscribe"}
#: What may be done there is said by the link of a letter alone; mail programs press it without a cookie.
BY_LINK = {"reports-subscription"}


def test_every_form_needs_its_token_and_no_cookie_means_anything_to_the_api(data_folder):
    done = data_folder.run("-m", "fairnotice", "user", "add", "boss", "--role", "administrator")
    password = done.stdout.split()[-1]
    with serving(data_folder) as served:
        boss = Visitor(served.port)
        before = boss.post("/accounts/login/").status
        assert before == 200
        boss.cookies["sessionid"] = "a" * 32
        token = boss.cookies["csrftoken"]
        for target in (
            "https://evil.example.org/",
            "//evil.example.org",
            "/\\evil.example.org",
            "javascript:1",
        ):
            trial = Visitor(served.port)
            sent = {"login": "boss", "password": password, "next": target}
            assert trial.post("/accounts/login/", sent).location == "/desk/"
        answer = boss.post("/accounts/login/", {"login": "boss", "password": password})
        assert answer.status == 302
        assert boss.cookies["sessionid"] != "a" * 32, "a session that somebody else chose is not taken over"
        assert boss.cookies["csrftoken"] != token
        for line in answer.headers.get_all("Set-Cookie") or []:
            assert "HttpOnly" in line, line
            assert re.search("SameSite=(Lax|Strict)", line), line
        assert boss.get("/desk/").status == 200
        text = "application/x-www-form-urlencoded"
        for name, path in all_routes():
            if name.startswith("api-1:") and name != "api-1:openapi-json":
                answer = boss.send("POST", path, b"{}", Content_Type="application/json")
                assert answer.status in (202, 400, 401, 405, 422), path
                # A form of another site can send these kinds of body, and only these, without asking.
                for kind in (text, "text/plain", "multipart/form-data; boundary=x"):
                    assert boss.send("POST", path, b"{}", Content_Type=kind).status in (405, 415), path
                continue
            if name in COOKIELESS:
                # Nothing in it depends on who somebody is; what another site's page sends is shown first.
                answer = boss.send("POST", path, b"a=b", Content_Type=text, Origin="https://evil.example.org")
                assert answer.status in (200, 422) and "receipt-code" not in answer.text, path
                continue
            if name in BY_LINK:
                assert boss.send("POST", path, b"a=b", Content_Type=text).status == 404, path
                continue
            assert boss.send("POST", path, b"a=b", Content_Type=text).status in (403, 405, 415), path
            forged = f"csrfmiddlewaretoken={boss.cookies['csrftoken']}".encode()
            other = "https://evil.example.org"
            answer = boss.send("POST", path, forged, Content_Type=text, Origin=other)
            assert answer.status in (403, 405, 415), path


def test_a_wrong_code_an_ill_formed_link_and_a_made_up_cookie_open_nothing(data_folder):
    with serving(data_folder) as served:
        pages = set()
        for code in ("A" * 26, "B" * 26, "a" * 26, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAAA"):
            answer = Visitor(served.port).post("/status/", {"code": code})
            text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.text)
            pages.add((answer.status, text.replace(code, "")))
            assert code not in answer.location
        assert len(pages) == 1
        for cookie in ("1", "1:aaa:bbb", "1:1v:" + "a" * 43, ""):
            who = Visitor(served.port, cookies={"fn_access": cookie})
            assert who.get("/status/view/").status == 403


def test_too_much_of_anything_is_refused_and_the_server_stays_up(data_folder):
    with serving(data_folder) as served:
        who = Visitor(served.port)
        assert who.post("/report/", {f"f{number}": "x" for number in range(500)}).status == 400
        assert who.post("/report/review/", {"why": "x" * 1_900_000}).status == 422
        assert who.send("GET", "/" + "a" * 60_000).status in (404, 414, 431)
        assert who.send("GET", "/", Cookie="a=" + "b" * 60_000).status in (200, 431)
        deep = b"[" * 100_000 + b"]" * 100_000
        assert who.post_json("/api/v1/notices", deep).status in (400, 422)
        assert who.post_json("/api/v1/notices", b'{"why": ' + b"9" * 100_000 + b"}").status in (400, 422)
        for path, kind in (
            ("/api/v1/notices", "application/json"),
            ("/report/review/", "application/x-www-form-urlencoded"),
            ("/report/review/", "multipart/form-data; boundary=x"),
            ("/nowhere", "text/plain"),
        ):
            with socket.create_connection(("127.0.0.1", served.port), 20) as link:
                link.sendall(
                    f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
                    "Content-Length: 5000000000\r\n\r\n".encode()
                )
                assert re.match(rb"HTTP/1.1 4\d\d", link.recv(12)), path
        for raw in (b"\0\0\0\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", served.port), 20) as link:
                link.sendall(raw)
                assert not link.recv(12).startswith(b"HTTP/1.1 2")
        assert who.get("/").status == 200
        assert "Traceback" not in served.said()
