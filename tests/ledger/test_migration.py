"""A data folder that an earlier version made, with its one log at `/log/` itself."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.append import append
from fairnotice.ledger.models import CheckpointRow, Edge, Event, Log, LogEntry
from fairnotice.ledger.proofs import proof_for
from fairnotice.ledger.publishing import log_dir
from fairnotice.plumbing import appendonly
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.notes import Signer
from fairnotice.translog.publish import publish_checkpoint
from fairnotice.translog.tiles import write_tiles
from fairnotice.vault.keys import named_secret, new_key

LEAVES = [b'{"c":["%d"],"v":1}' % number for number in range(3)]
ORIGIN = "log.example.org/log"


def old_rows(file: Path, note: str, edge: merkle.Edge, at: str) -> None:
    """What the earlier version wrote, as its tables had it."""
    database = sqlite3.connect(file)
    # Going back to the old tables puts the triggers of today on them; the old ones had those of `no_update` only.
    for name in ("event", "logentry", "checkpointrow"):
        database.execute(f"DROP TRIGGER ledger_{name}_not_in_a_closed_log")
        found = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [f"ledger_{name}_no_update"])
        assert found.fetchall()
    database.execute("DROP TRIGGER ledger_edge_of_an_open_log")
    for number, leaf in enumerate(LEAVES):
        digest = merkle.leaf_hash(leaf)
        key = new_key("record")
        event = (number + 1, f"{number:032x}", "tally.made", at, "", "{}", "{}", key, "", "", leaf, digest)
        database.execute(
            "INSERT INTO ledger_event (id, record, kind, at, case_ref, open, personal, key_id, follows, clear_type, "
            "leaf, leaf_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            event,
        )
        database.execute(
            'INSERT INTO ledger_logentry ("index", leaf, leaf_hash, event_id) VALUES (?, ?, ?, ?)',
            (number, leaf, digest, number + 1),
        )
    database.execute(
        "INSERT INTO ledger_checkpointrow (size, root, note, at) VALUES (?, ?, ?, ?)",
        (3, edge.root(), note, at),
    )
    database.execute(
        "INSERT INTO ledger_edge (id, size, edge) VALUES (1, 3, ?)", (json.dumps(edge.to_json()),)
    )
    database.commit()
    database.close()


@pytest.fixture
def empty(data):
    """The tables of the ledger as they were."""
    file = Path(connection.settings_dict["NAME"])
    connections["default"].close()
    file.unlink()
    call_command("migrate", "ledger", "0001", verbosity=0, interactive=False)


@pytest.fixture
def old(data, empty):
    """Three entries in them, and their files below `log/`."""
    signer = Signer(ORIGIN, named_secret("log-signing-key"))
    edge = merkle.Edge()
    for leaf in LEAVES:
        edge.append(merkle.leaf_hash(leaf))
    note = sign_checkpoint(Checkpoint(ORIGIN, 3, edge.root()), signer)
    write_tiles(data / "log", 0, LEAVES)
    publish_checkpoint(data / "log", note)
    file = Path(connection.settings_dict["NAME"])
    connections["default"].close()
    at = f"{datetime.now(UTC).year}-01-01 10:00:00"
    old_rows(file, note, edge, at)
    return note


def test_the_one_log_is_carried_over_goes_on_where_it_is_and_ends_with_its_year(
    old, data, client, monkeypatch
):
    call_command("migrate", verbosity=0, interactive=False)
    carried_over(old, data, client)
    closed_with_its_year(data, client, monkeypatch)


def carried_over(old, data, client):
    (log,) = Log.objects.all()
    assert (log.origin, log.place, log.frozen) == (ORIGIN, "", False)
    assert log.year == datetime.now(UTC).year
    carried = {
        model: set(model.objects.values_list("log", flat=True))
        for model in (Event, LogEntry, CheckpointRow, Edge)
    }
    assert carried == {model: {log.pk} for model in carried}
    assert appendonly.missing(connection) == []
    assert client.get("/log/checkpoint").content.decode() == old
    assert client.get("/log/vkey").content.decode().startswith(f"{ORIGIN}+")
    before = {path: path.read_bytes() for path in (data / "log").rglob("*/*") if path.is_file()}
    sequencer.publish()
    assert {path: path.read_bytes() for path in (data / "log").rglob("*/*") if path.is_file()} == before
    assert proof_for(Event.objects.get(pk=1)) is not None

    with transaction.atomic():
        append(kind="tally.made", open={"number": 4})
    assert sequencer.run_once() == 1
    assert log_dir() == data / "log"
    report = tree_check(data / "log", keys.vkey())
    assert (report.size, report.origin) == (4, ORIGIN)
    assert client.get("/log/").status_code == client.get(f"/log/{log.year}/").status_code == 200


def closed_with_its_year(data, client, monkeypatch):
    """And stays where it is."""
    next_year = datetime.now(UTC).year + 1
    monkeypatch.setattr(timezone, "now", lambda: datetime(next_year, 1, 1, 0, 1, tzinfo=UTC))
    sequencer.run_once()
    first, second = logs.everyone()
    assert (first.frozen, first.final_size, second.origin) == (True, 5, f"{ORIGIN}/{next_year}")
    assert client.get("/log/checkpoint").text.splitlines()[:2] == [ORIGIN, "5"]
    assert client.get("/log/tile/entries/000.p/5").content == (data / "log/tile/entries/000.p/5").read_bytes()
    assert client.get(f"/log/{next_year}/checkpoint").text.splitlines()[:2] == [second.origin, "1"]
    assert tree_check(data / "log", keys.vkey(first)).size == 5
    assert tree_check(data / "log" / str(next_year), keys.vkey(second)).size == 1
    for page in ("/log/", f"/log/{first.year}/", f"/log/{next_year}/", f"/log/{first.year}/policy"):
        assert ORIGIN in client.get(page).text


def test_an_empty_folder_gets_no_log_and_ends_as_a_new_one_begins(empty, migrated_databases):
    """All that was ever changed, one after the other, against what a new folder gets at once."""
    call_command("migrate", verbosity=0, interactive=False)
    assert logs.newest() is None
    old, new = Path(connection.settings_dict["NAME"]), migrated_databases["default"]
    assert contents(old) == contents(new)
    assert logs.current().place == str(datetime.now(UTC).year)


def contents(file: Path) -> dict[str, list[str]]:
    """What a database has: the parts of each table in any order, indexes and triggers word for word, and rows
    that come with the tables."""
    database = sqlite3.connect(file)
    found: dict[str, list[str]] = {}
    for kind, name, sql in database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ):
        found[f"{kind} {name}"] = sorted(parts(sql)) if kind == "table" else [sql]
    del found["table sqlite_sequence"]
    for table in [name.removeprefix("table ") for name in found if name.startswith("table ")]:
        rows = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
        found[f"rows of {table}"] = [str(rows[0])]
    found["done"] = sorted(map(str, database.execute("SELECT app, name FROM django_migrations")))
    database.close()
    assert len(found["done"]) > 40 and len(found) > 200
    return found


def parts(sql: str) -> list[str]:
    """The columns and constraints of a table, which stand between its outermost brackets."""
    inner, depth, found = sql[sql.index("(") + 1 : sql.rindex(")")], 0, [""]
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [part.strip() for part in found]
