"""A small identity provider on a loopback port, written for these tests from OpenID Connect Core 1.0, RFC 7636
and RFC 7517, with nothing of the library that is tested."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "fair-notice", "sentinel-client-secret"


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class StandIn:
    """`subject` is who sits at its browser; `faults` change one part of what it answers."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.subject = "subject-7"
        self.faults: dict[str, Any] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self) -> str:
        now = int(time.time())
        header = {"alg": "RS256", "kid": "k1", "typ": "JWT", **self.faults.get("header", {})}
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60,
            "name": "Sentinel Person", "email": "sentinel@example.org", **self.faults.get("claims", {}),
        }  # fmt: skip
        signed = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        key = self.other if self.faults.get("wrong key") else self.key
        return f"{signed}.{b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], auth: str) -> tuple[int, Any]:
        if path in self.faults:
            return 200, self.faults[path]
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            found = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            return 200, {"issuer": self.issuer, "userinfo_endpoint": f"{self.issuer}/user", **found}
        if path == "/keys":
            numbers = self.key.public_key().public_numbers()
            parts = {"n": b64(numbers.n.to_bytes(256, "big")), "e": b64(numbers.e.to_bytes(3, "big"))}
            return 200, {"keys": [{"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig", **parts}]}
        if path == "/authorize":
            assert query["client_id"] == CLIENT and query["response_type"] == "code"
            assert query["code_challenge_method"] == "S256"
            assert query["scope"] == "openid", "nothing else is asked for"
            code = secrets.token_urlsafe(8)
            self.codes[code] = query
            return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        if path == "/token":
            begun = self.codes.pop(form.get("code", ""), None)
            if begun is None or (form.get("client_secret") != SECRET and SECRET not in auth):
                return 400, {"error": "invalid_grant"}
            proof = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
            if proof != begun["code_challenge"] or form["redirect_uri"] != begun["redirect_uri"]:
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": "sentinel-token", "token_type": "Bearer", "id_token": self.token()}
        return 404, {}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """The provider, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            there.asked.append(url.path)
            auth = self.headers.get("Authorization", "")
            if auth.startswith("Basic "):
                auth = base64.b64decode(auth[6:]).decode()
            single = [{k: v[0] for k, v in parse_qs(text).items()} for text in (url.query, body)]
            status, said = there.answer(url.path, single[0], single[1], auth)
            data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", said)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _do  # noqa: N815  names that http.server asks for

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = StandIn(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
