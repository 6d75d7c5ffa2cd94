"""The settings about other platforms: what is wrong is said, with what and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fairnotice.site import check_services, config, settings_file
from tests.intake.fediverse.signing import ed_key, pem

GOOD = {"name": "social", "kind": "mastodon", "url": "https://social.example.org", "token_file": "t"}


def load(folder: Path, text: str) -> config.Config:
    (folder / config.FILE_NAME).write_text(text)
    return config.load(folder)


def test_the_example_of_the_guide_is_read(tmp_path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "fediverse.md").read_text("utf-8")
    blocks = [part.partition("```")[0] for part in guide.split("```toml\n")[1:]]
    read = load(tmp_path, blocks[0] + blocks[-1])
    assert read.services[0]["url"] == "https://social.example.org"
    assert [row["host"] for row in read.flag_servers] == ["social.example.org", "away.example.org"]
    forum = (Path(__file__).parents[2] / "docs" / "discourse.md").read_text("utf-8")
    assert load(tmp_path, forum.split("```toml\n")[1].partition("```")[0]).services[0]["kind"] == "discourse"


def test_what_is_written_is_read_back(tmp_path) -> None:
    row = {**GOOD, "pull": False, "post_api": True, "problems": {"rule:2": "hate"}, "actions": {}}
    written = config.Config(services=[row], flag_servers=[{"host": "a.example.org", "key_file": "a.pem"}])
    assert load(tmp_path, settings_file.render(written)) == written


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "So cial"}, "small letters"),
        ({"name": None}, "'name' is a text"),
        ({"kind": "lemmy"}, "'kind' is one of"),
        ({"url": "http://social.example.org"}, "https"),
        ({"url": "https://social.example.org/?a=b"}, "https"),
        ({"url": "https://a@social.example.org"}, "https"),
        ({"url": "https://[social"}, "https"),
        ({"token_file": ""}, "'secret_file'"),
        ({"tokenfile": "x"}, "there is no 'tokenfile'"),
        ({"pull": "no"}, "'pull' is true or false"),
        ({"problems": {"spam": "spam"}}, "'problems': 'spam'"),
        ({"actions": {"DECISION_ACCOUNT_SUSPENDED": "delete"}}, "is one of: sensitive"),
        ({"actions": {"DECISION_VISIBILITY_CONTENT_REMOVED": "suspend"}}, "no measure about an account"),
        ({"kind": "discourse"}, "is for Mastodon alone"),
    ],
)
def test_a_mistake_is_said(tmp_path, changes: dict[str, Any], says) -> None:
    row = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    if changes.get("name", "") is None:
        row["name"] = 7
    with pytest.raises(config.ConfigError, match=says):
        load(tmp_path, "services = " + settings_file._toml([row]) + "\n")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"host": "https://away.example.org"}, "without https"),
        ({"host": "AWAY.example.org"}, "small letters"),
        ({"host": "away.example.org", "key": "x"}, "may have a 'key_file'"),
        ({"host": 7}, "is written as"),
    ],
)
def test_a_mistake_in_the_listed_servers_is_said(tmp_path, row, says) -> None:
    with pytest.raises(config.ConfigError, match=says):
        load(tmp_path, "flag_servers = " + settings_file._toml([row]) + "\n")


def test_two_of_one_name(tmp_path) -> None:
    with pytest.raises(config.ConfigError, match="two have the name 'social'"):
        load(tmp_path, "services = " + settings_file._toml([GOOD, GOOD]) + "\n")


def test_check_looks_at_the_files(settings, tmp_path) -> None:
    def said() -> list[tuple[bool, str]]:
        return [(is_error, text) for is_error, text, _mend in check_services.problems()]

    token, key = tmp_path / "t", tmp_path / "k.pem"
    settings.FN_SERVICES = [{**GOOD, "token_file": str(token)}]
    assert said() == [
        (
            True,
            f"{token}, the 'token_file' of the service 'social', cannot be read (No such file or directory).",
        )
    ]
    token.write_text("\n")
    token.chmod(0o644)
    assert next(text.rpartition("social', ")[2] for _e, text in said()) == "is empty."
    token.write_text("a-token\n")
    assert "Other users can read" in said()[0][1]
    token.chmod(0o400)
    assert said() == []
    settings.FN_SERVICES = [{**GOOD, "token_file": "", "secret_file": str(token)}]
    assert [is_error for is_error, _text in said()] == [False]
    settings.FN_SERVICES = []
    settings.FN_FLAG_SERVERS = [{"host": "a.example.org", "key_file": str(key)}]
    assert ["holds no public key" in said()[0][1], "'flag_inbox' is false" in said()[1][1]] == [True, True]
    key.write_text(pem(ed_key()))
    settings.FN_FLAG_INBOX = True
    assert said() == []
