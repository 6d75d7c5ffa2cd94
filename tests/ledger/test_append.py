"""Events: written whole or not at all, committed to, and never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from fairnotice.ledger.append import AppendError, NotInTransaction, Personal, append
from fairnotice.ledger.models import Event, UnknownPath
from fairnotice.translog import merkle, openings
from fairnotice.vault import commitments, keys
from fairnotice.vault.errors import Erased


def salt_of(written):
    return commitments.salt(written.key_id, written.record)


def test_outside_a_transaction_nothing_is_written(data):
    with pytest.raises(NotInTransaction):
        append(kind="notice.submitted", open={"category": "scams"})
    assert Event.objects.count() == 0


def test_an_event_falls_with_the_transaction_it_belongs_to(data):
    with transaction.atomic():
        append(kind="notice.submitted", open={})
        transaction.set_rollback(True)
    assert Event.objects.count() == 0


def test_every_field_is_committed_in_the_leaf(event):
    first = event()
    second = event("other", kind="decision.made", follows=first, clear_type="order")
    for path in ("kind", "time", "follows", "category", "items"):
        openings.check_openings(bytes(second.leaf), second.record, salt_of(second), [second.opening(path)])
        assert second.commitment(path) == openings.commit(
            second.opening(path).r, record=second.record, path=path, value=second.opening(path).value
        )
    assert second.opening("follows").value == bytes(first.leaf_hash).hex()
    assert second.opening("time").value == second.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert first.opening("follows").value == ""
    assert bytes(second.leaf_hash) == merkle.leaf_hash(bytes(second.leaf))


def test_personal_fields_of_several_people_open_under_their_own_key(event):
    notifier, affected = keys.new_key("subject"), keys.new_key("subject")
    values = {"facts": "one", "name": "two", "reason": "three"}
    owners = {"facts": notifier, "name": notifier, "reason": affected}
    written = event(personal=[Personal(path, value, owners[path]) for path, value in values.items()])
    for path, value in values.items():
        opening = commitments.opening(owners[path], record=written.record, path=path, value=value)
        openings.check_openings(bytes(written.leaf), written.record, salt_of(written), [opening])
        assert opening.commitment(written.record) == written.commitment(path)
        assert written.personal[path]["key"] == owners[path]


def test_commitment_and_length_survive_the_erasure_of_a_person(event):
    written = event("naïve text")
    before = written.commitment("facts")
    keys.destroy(written.personal["facts"]["key"])
    read = Event.objects.get(pk=written.pk)
    assert read.commitment("facts") == before
    assert read.length("facts") == len("naïve text")
    assert bytes(read.leaf) == bytes(written.leaf)


def test_an_erased_key_cannot_be_committed_under(event, data):
    key = keys.new_key("subject")
    keys.destroy(key)
    with pytest.raises(Erased):
        event(personal=[Personal("facts", "text", key)])
    assert Event.objects.count() == 0


def test_lengths_of_open_fields(event):
    written = event(open={"text": "äöü", "list": ["a", 1]}, personal=[])
    assert written.length("text") == 3
    assert written.length("list") == len('["a",1]')
    assert written.length("kind") == len("notice.submitted")
    with pytest.raises(UnknownPath):
        written.length("nothing")
    with pytest.raises(UnknownPath):
        written.commitment("nothing")


def test_the_text_of_a_person_is_nowhere_in_the_row(event, data):
    event("SENTINEL-text")
    connection.close()
    found = [path for path in data.rglob("*") if path.is_file() and b"SENTINEL" in path.read_bytes()]
    assert found == []
    assert "SENTINEL" not in repr(Personal("facts", "SENTINEL", "00" * 16))


def test_at_most_64_commitments(event):
    assert len(event(open={f"f{i}": i for i in range(61)}, personal=[]).open) == 61
    with pytest.raises(AppendError, match="too many"):
        event(open={f"f{i}": i for i in range(61)})


@pytest.mark.parametrize("path", ["kind", "time", "follows", "", "Kind", "kin\u0434", "a b", "x" * 65])
def test_reserved_and_malformed_paths_are_refused(event, path):
    with pytest.raises(AppendError):
        event(open={path: "x"})


def test_the_same_path_twice_is_refused(event, data):
    with pytest.raises(AppendError, match="twice"):
        event(open={"facts": "x"})


@pytest.mark.parametrize("table", ["ledger_event", "ledger_logentry", "ledger_checkpointrow"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_raw_sql_cannot_change_what_is_append_only(event, table, sql):
    from fairnotice.ledger.sequencer import run_once

    event()
    run_once()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
