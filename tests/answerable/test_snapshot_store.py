"""The copy in memory is as fresh as the database, and nobody waits while it is read anew."""

from __future__ import annotations

from datetime import date

import pytest

from fairnotice.answerable.actions.contacts import end_contact, mark_contact
from fairnotice.answerable.actions.delegate import give_back, retract
from fairnotice.answerable.actions.organisations import rename_organisation
from fairnotice.answerable.actions.recording import last_change, tell
from fairnotice.answerable.lookup import chain_in, find
from fairnotice.answerable.models import Change
from fairnotice.answerable.resources import parse
from fairnotice.answerable.snapshot import edits, load, store
from fairnotice.answerable.snapshot.store import Store
from tests.answerable import oracle
from tests.answerable.register import contact, hold, plant
from tests.conftest import SOURCE, DataFolder

DAY = date(2025, 6, 1)
PLACES = [
    "192.0.2.1",
    "192.0.2.65",
    "192.0.2.0/24",
    "198.51.100.1",
    "2001:db8::1",
    "AS64500",
    "www.example.org",
]


class Here(Store):
    """A store that reads in this very transaction and only notes that it wants to."""

    wanted = 0

    def want(self) -> None:
        self.wanted += 1

    def agrees(self) -> bool:
        """Whether what it has now is what all rows of the database say."""
        view = self.view()
        assert view is not None
        return all(
            chain_in(view, parse(text), DAY).links == oracle.in_database(parse(text), DAY) for text in PLACES
        )


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr(store, "told_here", lambda: False)
    plant("192.0.0.0/16", "LIR")
    plant("2001:db8::/32", "LIR")
    plant("AS64496-AS64511", "LIR")
    plant("example.org", "REGISTRAR", kind="registrar")
    made = Here()
    made._read_once()
    assert made.agrees()
    return made


@pytest.mark.django_db
def test_each_kind_of_change_is_seen_at_once(here: Here) -> None:
    base = here.view()
    leased = hold("192.0.2.0/24", "HOST", giver="LIR", kind="lease")
    assert here.agrees()
    below = hold("192.0.2.0/26", "SHOP", giver="HOST", kind="sublease")
    hold("2001:db8::/64", "HOST", giver="LIR", kind="lease")
    hold("AS64500", "HOST", giver="LIR", kind="lease")
    hold("www.example.org", "HOST", kind="hosting")
    assert here.agrees()
    desk = contact("HOST", "abuse@host.example")
    own = contact("HOST", "range@host.example", own="192.0.2.0/24")
    assert here.agrees()
    mark_contact(actor_id=None, contact_id=own.pk, works=False)
    assert here.agrees()
    end_contact(actor_id=None, contact_id=desk.pk)
    assert here.agrees()
    version = leased.to_org.versions.get()
    rename_organisation(actor_id=None, handle="HOST", version=version.pk, name="Renamed Ltd")
    assert here.agrees()
    retract(actor_id=None, series=below.series, version=below.pk)
    assert here.agrees()
    give_back(actor_id=None, series=leased.series, version=leased.pk, on=date(2024, 1, 1))
    assert here.agrees()
    view = here.view()
    assert view is not base and view is not None and base is not None
    assert view.base is base.base, "nothing of this was worth reading the whole register"
    assert here.wanted == 0


@pytest.mark.django_db
def test_nothing_new_costs_one_query(here: Here, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        view = here.view()
    assert view is not None
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert chain_in(view, parse("192.0.2.1"), DAY).links


@pytest.mark.django_db
def test_a_bulk_change_asks_for_a_new_snapshot_and_later_edits_are_seen_meanwhile(here: Here) -> None:
    plant("198.51.100.0/24", "LIR")
    tell(Change.What.BULK)
    plant("192.0.2.0/24", "HOST", giver="LIR", kind="lease")
    assert here.agrees()
    assert here.wanted
    here._read_once()
    wanted = here.wanted
    assert here.agrees()
    assert here.wanted == wanted


@pytest.mark.django_db
def test_too_many_edits_are_left_to_a_new_snapshot(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "MANY", 3)
    plant("192.0.2.0/24", "HOST", giver="LIR", kind="lease")
    plant("192.0.2.0/26", "SHOP", giver="HOST", kind="sublease")
    assert here.agrees()
    assert here.wanted
    monkeypatch.setattr(edits, "TOO_MANY", 1)
    plant("198.51.100.0/24", "LIR")
    plant("198.51.100.0/25", "HOST", giver="LIR", kind="lease")
    assert not here.agrees()
    here._read_once()
    assert here.agrees()


@pytest.mark.django_db
def test_what_was_written_while_the_register_was_read_is_met_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = load.everything

    def slowly() -> object:
        found = reading()
        plant("192.0.2.0/24", "HOST", giver="LIR", kind="lease")
        return found

    monkeypatch.setattr(store, "everything", slowly)
    here._read_once()
    assert [link.handle for link in chain_in(here.view(), parse("192.0.2.1"), DAY).links] == ["LIR", "HOST"]
    assert here.agrees()


@pytest.mark.django_db
def test_what_may_be_rolled_back_is_in_no_shared_copy() -> None:
    plant("192.0.2.0/24", "LIR")
    assert store.store().view() is None
    assert [link.handle for link in find("192.0.2.1", DAY).links] == ["LIR"]


@pytest.mark.django_db
def test_another_register_than_the_one_that_was_read_is_read_again(here: Here) -> None:
    assert last_change() > 0
    # As from a database whose changes have lower numbers: it was put back from a backup.
    state = here._state
    assert state is not None
    here._state = store._State(state.base, last_change() + 1, state.gathered, state.view)
    assert here.view() is None
    assert here.wanted == 1


THREADS = """
import threading
import django
django.setup()
from datetime import date
from django.db import connections
from fairnotice.answerable.lookup import chain_in, find
from fairnotice.answerable.models import Change
from fairnotice.answerable.actions.recording import tell
from fairnotice.answerable.resources import parse
from fairnotice.answerable.snapshot import store
from tests.answerable.register import plant

DAY = date(2025, 6, 1)
def handles(text):
    return [link.handle for link in find(text, DAY).links]

plant("192.0.0.0/16", "LIR")
assert handles("192.0.2.1") == ["LIR"], "before the first snapshot the database answers"
own = store.store()
assert own.wait(1)
assert own.view() is not None

# A reading that goes on until it is told to end.
started, release, reading = threading.Event(), threading.Event(), store.everything
def held():
    started.set()
    assert release.wait(60)
    return reading()
store.everything = held
tell(Change.What.BULK)
assert handles("192.0.2.1") == ["LIR"]
assert started.wait(60)
plant("192.0.2.0/24", "HOST", giver="LIR", kind="lease")
assert handles("192.0.2.1") == ["LIR", "HOST"], "an edit is seen while the register is being read"

problems, stop = [], threading.Event()
def ask():
    try:
        while not stop.is_set():
            if handles("192.0.2.1") != ["LIR", "HOST"] or handles("192.0.3.1") != ["LIR"]:
                problems.append("another chain")
                return
    except Exception as problem:
        problems.append(repr(problem))
    finally:
        connections.close_all()
askers = [threading.Thread(target=ask) for _ in range(4)]
for asker in askers:
    asker.start()
old = own.view().base
release.set()
assert own.wait(2)
assert own.view().base is not old
plant("198.51.100.0/24", "HOST")
assert handles("198.51.100.1") == ["HOST"]
stop.set()
for asker in askers:
    asker.join(60)
assert not problems, problems
print("agreed")
"""


def test_threads_ask_while_the_register_is_read_and_edited(data_folder: DataFolder) -> None:
    run = data_folder.run("-c", THREADS, cwd=SOURCE.parent)
    assert run.stdout == "agreed\n", run.stderr
