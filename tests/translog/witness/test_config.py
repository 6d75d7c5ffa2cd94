"""Settings of a witness: what is wrong is said with its name, and nothing wrong is ever written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fairnotice.translog.cosignature import CosignatureVerifier
from fairnotice.translog.errors import NoteError, TranslogError
from fairnotice.translog.witness.config import add_log, new_config, read_config
from fairnotice.translog.witness.errors import WitnessError
from tests.translog.witness.made import COSIGNER, LOG_KEY, NAME, NEXT_KEY, ORIGIN

GOOD = f'name = "{NAME}"\nkey_file = "witness.key"\n'
VKEY = LOG_KEY.verifier.vkey


def written(folder: Path, text: str) -> Path:
    (folder / "witness.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name is missing"),
        ('key_file = "k"', "name is missing"),
        (f'name = "{NAME}"', "either key_file or key_command"),
        (GOOD + 'key_command = ["x"]', "either key_file or key_command"),
        (f'name = "{NAME}"\nkey_command = []', "key_command must be"),
        (f'name = "{NAME}"\nkey_command = ["x", 1]', "key_command must be"),
        (f'name = "{NAME}"\nkey_command = "x"', "key_command must be a list"),
        (GOOD + 'colour = "red"', "there is no setting 'colour'"),
        (GOOD + 'port = "80"', "port must be a whole number"),
        (GOOD + "port = true", "port must be a whole number"),
        (GOOD + "port = 0", "port must be from 1"),
        (GOOD + "port = 65536", "port must be from 1"),
        (GOOD + 'host = "witness.example.org"', "host must be a network address"),
        (GOOD + 'prefix = "w"', "prefix must"),
        (GOOD + 'prefix = "/w/"', "prefix must"),
        (GOOD + 'prefix = "/w\\n"', "prefix must"),
        ('name = "two words"\nkey_file = "k"', "key name"),
        ('name = "a+b"\nkey_file = "k"', "key name"),
        (GOOD + 'log = "x"', "each log is a block"),
        (GOOD + "[[log]]\n", "log 1 must have a vkey"),
        (GOOD + f'[[log]]\nvkey = "{VKEY}"\nname = "x"\n', "log 1 must have a vkey"),
        (GOOD + "[[log]]\nvkey = 5\n", "log 1 must have a vkey"),
        (GOOD + f'[[log]]\nvkey = "{VKEY[:-3]}"\n', "key"),
        (GOOD + f'[[log]]\norigin = ""\nvkey = "{VKEY}"\n', "origin of log 1"),
        (GOOD + f'[[log]]\norigin = "a\\nb"\nvkey = "{VKEY}"\n', "origin of log 1"),
        (GOOD + f'[[log]]\nvkey = "{COSIGNER.vkeys[0]}"\n', "a witness's, not a log's"),
        ("name = ", "not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WitnessError, match=said) as caught:
        read_config(written(tmp_path, text))
    assert str(tmp_path / "witness.toml") in str(caught.value)


def test_bytes_that_are_no_text_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WitnessError, match="witness init"):
        read_config(tmp_path)
    (tmp_path / "witness.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(WitnessError, match="not TOML"):
        read_config(tmp_path)


@pytest.mark.parametrize("name", [NAME, "w\u00e4chter.example", 'quote"s\\', "\U0001f50e"])
def test_any_name_that_a_key_may_have_is_written_and_read_back(tmp_path: Path, name: str) -> None:
    new_config(tmp_path, name)
    config = read_config(tmp_path)
    assert (config.name, config.host, config.key_file, config.mldsa_key_file) == (
        name,
        "127.0.0.1",
        "witness.key",
        None,
    )
    with pytest.raises(WitnessError, match="exists already"):
        new_config(tmp_path, name)


def test_logs_are_added_in_blocks_and_a_second_key_joins_the_first(tmp_path: Path) -> None:
    new_config(tmp_path, NAME)
    before = (tmp_path / "witness.toml").read_text()
    assert add_log(tmp_path, VKEY, None) == ORIGIN
    assert add_log(tmp_path, VKEY, None) == ORIGIN
    assert add_log(tmp_path, NEXT_KEY.verifier.vkey, None) == ORIGIN
    assert add_log(tmp_path, VKEY, 'go.sum "database" tree') == 'go.sum "database" tree'
    text = (tmp_path / "witness.toml").read_text()
    assert text.startswith(before) and len(tomllib.loads(text)["log"]) == 3
    logs = read_config(tmp_path).logs
    assert {origin: [key.vkey for key in keys] for origin, keys in logs.items()} == {
        ORIGIN: [VKEY, NEXT_KEY.verifier.vkey],
        'go.sum "database" tree': [VKEY],
    }


@pytest.mark.parametrize(
    ("vkey", "origin"), [("x", None), (COSIGNER.vkeys[0], None), (VKEY, ""), (VKEY, "a\nb"), (VKEY, "a\x7fb")]
)
def test_a_log_that_cannot_be_is_not_written(tmp_path: Path, vkey: str, origin: str | None) -> None:
    new_config(tmp_path, NAME)
    before = (tmp_path / "witness.toml").read_bytes()
    with pytest.raises((WitnessError, NoteError)):
        add_log(tmp_path, vkey, origin)
    assert (tmp_path / "witness.toml").read_bytes() == before


def test_a_key_behind_a_command(tmp_path: Path) -> None:
    """The command gets `public` or `sign`; what it prints is checked before it is used."""
    (tmp_path / "signer").write_text(
        "#!/bin/sh\n"
        f'[ "$1" = public ] && echo {__import__("base64").b64encode(COSIGNER.key.public_key).decode()}\n'
    )
    (tmp_path / "signer").chmod(0o700)
    config = read_config(written(tmp_path, f'name = "{NAME}"\nkey_command = ["{tmp_path}/signer"]\n'))
    cosigner = config.cosigner()
    assert cosigner.vkeys == [CosignatureVerifier(NAME, COSIGNER.key.public_key).vkey]
    with pytest.raises(TranslogError):
        cosigner.lines(f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 5)


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "witness.key").write_text("A" * 43 + "=\n")
    (tmp_path / "witness.key").chmod(0o640)
    config = read_config(written(tmp_path, GOOD))
    with pytest.raises(TranslogError, match="open to others"):
        config.cosigner()
