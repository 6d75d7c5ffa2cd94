"""One-time codes, reckoned here from RFC 4226 and RFC 6238 and not by what is tested."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client

from fairnotice.accounts.actions import add_user
from fairnotice.accounts.models import User

LOGIN = "/accounts/login/"
SAFETY = "/accounts/safety/"
APP = "/accounts/safety/app/"


def code(secret: str, *, at: float | None = None) -> str:
    """The six digits of this half minute."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def somebody(name: str, *roles: str) -> tuple[Client, User, str]:
    """Signed in at the real page, with the password alone."""
    user, password = add_user(username=name, roles=roles)
    client = Client()
    answer = client.post(LOGIN, {"login": name, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client, user, password


def again(client: Client, password: str, then: str = SAFETY) -> None:
    """Show once more that it is you."""
    answer = client.post(f"/accounts/again/?next={then}", {"password": password})
    assert (answer.status_code, answer["Location"]) == (302, then), answer.content.decode()


def set_up_app(client: Client, password: str) -> tuple[str, list[str]]:
    """Its secret and the recovery codes, as the pages show them."""
    again(client, password, APP)
    page = client.get(APP).content.decode()
    found = re.search(r"<code translate=\"no\">([A-Z2-7 ]+)</code>", page)
    assert found, page
    secret = found[1].replace(" ", "")
    # The code before this one counts too; it leaves the present one for signing in.
    answer = client.post(APP, {"code": code(secret, at=time.time() - 30)})
    assert (answer.status_code, answer["Location"]) == (302, f"{SAFETY}codes/"), answer.content.decode()
    return secret, re.findall(r"<code>(\d{10})</code>", client.get(f"{SAFETY}codes/").content.decode())
