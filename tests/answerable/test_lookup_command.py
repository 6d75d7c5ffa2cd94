"""`fairnotice answerable lookup` for one location and for files of them, as an operator sees it."""

from __future__ import annotations

import argparse
import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from fairnotice.answerable import lookup_file
from fairnotice.answerable.lookup_command import add_lookup, end_of
from fairnotice.answerable.resources import LONGEST
from tests.answerable.register import contact, plant, planted_organisation
from tests.conftest import DataFolder

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_lookup(parser.add_subparsers(required=True))
    args = parser.parse_args(["lookup", *words])
    status: int = args.run(args)
    return status


@pytest.fixture
def _network() -> None:
    plant("192.0.0.0/16", "LIR")
    plant("2001:db8::/32", "LIR")
    plant("AS64500", "LIR")
    plant("192.0.2.0/24", "SHOP", giver="LIR", kind="lease", public=False)
    plant("bücher.example", "BOOKS", kind="hosting")
    contact("LIR", "abuse@lir.example")
    contact("SHOP", "abuse@shop.example")


def answers(file: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    run(str(file), *words)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("what", "holder"),
    [
        ("http://192.0.2.17/x", "SHOP"),
        ("192.0.2.0/25", "SHOP"),
        ("192.0.3.1", "LIR"),
        ("2001:db8::1", "LIR"),
        ("2001:db8::/48", "LIR"),
        ("AS64500", "LIR"),
        ("https://www.BÜCHER.example/a", "BOOKS"),
        ("xn--bcher-kva.example", "BOOKS"),
    ],
)
@pytest.mark.usefixtures("_network")
def test_one_location_of_each_kind(what: str, holder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(what, "--json") == 0
    assert json.loads(capsys.readouterr().out)["links"][-1]["handle"] == holder


@pytest.mark.usefixtures("_network")
def test_as_of_a_day_and_as_known_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    today = timezone.now().date().isoformat()
    assert run("192.0.2.1", "--at", "2025-01-01") == 0
    shown = capsys.readouterr().out
    assert "192.0.2.1 on 2025-01-01" in shown
    assert "SHOP Ltd (SHOP): lease of 192.0.2.0/24, since 2020-01-01, private" in shown
    assert "Contact: SHOP Ltd, mail abuse@shop.example" in shown
    assert run("192.0.2.1", "--at", "2019-01-01") == 1
    assert run("192.0.2.1", "--known-on", today) == 0
    assert run("192.0.2.1", "--known-on", "2021-01-01") == 1
    with pytest.raises(SystemExit):
        run("192.0.2.1", "--at", "yesterday")
    assert "a day is written like 2025-01-31" in capsys.readouterr().err
    moment = end_of(date(2025, 1, 31))
    assert moment is not None
    assert moment.isoformat() == "2025-01-31T23:59:59.999999+00:00"


@pytest.mark.usefixtures("_network")
def test_a_file_is_answered_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup_file, "CHUNK", 3)
    file = tmp_path / "places"
    file.write_bytes(
        b"\xef\xbb\xbf192.0.3.1\r\n"
        b"http://192.0.3.1/x\n"
        b"what is this\n"
        b"\n"
        b"\xff\xfe\n" + b"a" * 5 * LONGEST + b".example\n"
        b"2001:0db8::1\n"
        b"203.0.113.1\n"
        b"192.0.3.2\n"
        b"AS64500\n"
        b"b\xc3\xbccher.example"
    )
    assert run(str(file)) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["line"] for each in found] == list(range(1, 12))
    holders = [each["chain"][-1]["handle"] if each["chain"] else None for each in found]
    assert holders == ["LIR", "LIR", None, None, None, None, "LIR", None, "LIR", "LIR", "BOOKS"]
    assert [bool(each["problem"]) for each in found] == [False] * 2 + [True] * 4 + [False] * 5
    assert "UTF-8" in found[4]["problem"]
    assert "too long" in found[5]["problem"]
    assert (found[5]["given"], found[6]["target"]) == ("", "2001:db8::1")
    assert found[0]["contact"] == {"organisation": "LIR", "channel": "mail", "address": "abuse@lir.example"}


@pytest.mark.usefixtures("_network")
def test_a_file_never_names_who_is_not_public_unless_asked_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "places"
    file.write_text("192.0.2.1\n192.0.2.0/25\n192.0.2.2\n", "utf-8")
    for words in ([], ["--format", "csv"], ["--known-on", timezone.now().date().isoformat()]):
        assert run(str(file), *words) == 0
        shown = capsys.readouterr().out
        assert "SHOP" not in shown
        assert "shop" not in shown
        assert "192.0.2.0/24" not in shown
        assert "abuse@lir.example" in shown
    assert [each["chain"][-1]["handle"] for each in answers(file, capsys, "--all")] == ["SHOP"] * 3  # type: ignore[index]


@pytest.mark.usefixtures("_network")
def test_csv_has_no_formulas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    organisation = planted_organisation("SUM")
    organisation.versions.update(recorded_until=timezone.now())
    organisation.versions.create(name="=SUM(A1)", source="test", recorded_from=timezone.now())
    plant("198.51.100.0/24", "SUM")
    file = tmp_path / "places"
    file.write_text('=cmd()\n198.51.100.1\n@x, "y"\n', "utf-8")
    assert run(str(file), "--format", "csv") == 1
    first, second, third = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (first["line"], first["given"], first["holder_name"]) == ("1", "'=cmd()", "")
    assert first["problem"]
    assert (second["holder_handle"], second["holder_name"], second["chain"]) == ("SUM", "'=SUM(A1)", "SUM")
    assert third["given"] == '\'@x, "y"'


@pytest.mark.usefixtures("_network")
def test_a_file_as_it_was_and_as_it_was_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "places"
    file.write_text("192.0.2.1\n", "utf-8")
    assert answers(file, capsys, "--at", "2019-01-01")[0]["chain"] == []
    assert answers(file, capsys, "--known-on", "2021-01-01")[0]["chain"] == []
    assert answers(file, capsys, "--at", "2025-01-01")[0]["chain"] != []


def test_standard_input_through_the_real_command(data_folder: DataFolder) -> None:
    lines = "".join(f"192.0.2.{n % 256}\n" for n in range(25_000))
    done = data_folder.run("-m", "fairnotice", "answerable", "lookup", "-", "--format", "csv", input=lines)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    rows = done.stdout.splitlines()
    assert len(rows) == 25_001
    assert rows[-1].startswith("25000,192.0.2.167,192.0.2.167,")
