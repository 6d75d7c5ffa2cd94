"""`fairnotice network check` as an operator sees it."""

from __future__ import annotations

import argparse
import csv

import pytest

from fairnotice.answerable.network_commands import add_parser
from tests.answerable.register import contact, plant

pytestmark = pytest.mark.usefixtures("fn_db")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["network", "check", *words])
    status: int = args.run(args)
    return status


def test_it_says_what_is_to_be_mended_and_how(settings, tmp_path, capsys) -> None:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    plant("198.51.100.0/24", "OWN-1")
    plant("198.51.100.0/25", "A", giver="OWN-1", kind="lease", until="2030-01-01")
    file = tmp_path / "found.csv"
    assert run("--at", "2026-03-01", "--csv", str(file)) == 1
    said = capsys.readouterr().out
    assert "OWN-1 Ltd (OWN-1) on 2026-03-01" in said
    assert "198.51.100.0/24, since 2020-01-01\n" in said and "-> Add an abuse contact" in said
    assert "198.51.100.0/25, A Ltd, since 2020-01-01, until 2030-01-01" in said
    assert said.endswith("\n1 to mend, 1 to look at.\n")
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [(row["finding"], row["weight"], row["subject"]) for row in rows] == [
        ("no-contact", "mend", "198.51.100.0/24"),
        ("holder-silent", "look", "198.51.100.0/25"),
    ]


def test_only_things_to_look_at_are_no_fault(settings, capsys) -> None:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    from fairnotice.answerable.actions.contacts import mark_contact

    mark_contact(actor_id=None, contact_id=contact("OWN-1", "abuse@own.example").pk, works=True)
    plant("198.51.100.0/24", "OWN-1", until="2026-03-15")
    assert run("--at", "2026-03-01") == 0
    assert "It ends within 30 days (1)" in capsys.readouterr().out


def test_without_an_organisation_of_ours_it_says_what_to_do(capsys) -> None:
    assert run() == 2
    assert "own_organisation" in capsys.readouterr().err
