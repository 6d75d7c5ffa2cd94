from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairnotice.intake.fediverse import keys
from fairnotice.plumbing import limits
from tests.intake.fediverse import mastodon_server
from tests.intake.fediverse.payloads import FORUM, SOCIAL

SECRET = b"a secret that both sides know"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Neither keys nor visitors of an earlier test."""
    keys.forget()
    limits._full_again.clear()


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "hook.secret"
    path.write_bytes(SECRET + b"\n")
    return path


@pytest.fixture
def hooked(settings: Any, secret_file: Path) -> Any:
    """A Mastodon server and a forum that send webhooks."""
    settings.FN_SERVICES = [
        {"name": "social", "kind": "mastodon", "url": SOCIAL, "secret_file": str(secret_file)},
        {
            "name": "forum",
            "kind": "discourse",
            "url": FORUM,
            "secret_file": str(secret_file),
            "problems": {"notify_moderators": "privacy"},
        },
    ]
    return settings


@pytest.fixture
def social(settings: Any, tmp_path: Path, secret_file: Path) -> Iterator[mastodon_server.Mastodon]:
    """A running Mastodon server that the settings name, with a token."""
    token = tmp_path / "social.token"
    token.write_text(mastodon_server.TOKEN + "\n")
    with mastodon_server.running() as server:
        settings.FN_SERVICES = [
            {
                "name": "social",
                "kind": "mastodon",
                "url": server.url,
                "secret_file": str(secret_file),
                "token_file": str(token),
                "post_api": True,
            }
        ]
        yield server
