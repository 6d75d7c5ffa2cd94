"""A monitor accepts what an honest log does, and keeps proof of everything else."""

import gzip
import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog.bundles import encode_bundle
from fairnotice.translog.forks import check_fork, parse_fork_proof
from fairnotice.translog.monitor.incidents import Incident
from fairnotice.translog.monitor.state import StateDamaged
from fairnotice.translog.sources import FolderSource, Unreachable
from tests.translog.build import LOG_KEY, OTHER_KEY, Log, make_leaf
from tests.translog.monitor.build import Growing, http, look, numbers
from tests.translog.server import serving


@pytest.fixture
def growing(tmp_path):
    made = Growing(tmp_path / "log")
    made.grow(*numbers(0, 300))
    return made


@pytest.fixture
def server(growing):
    with serving(growing.directory) as started:
        yield started


def lines(state):
    return [json.loads(line) for line in (state / "seen.jsonl").read_text().splitlines()]


def incident(kind, source, state):
    with pytest.raises(Incident) as found:
        look(source, state)
    assert found.value.kind == kind, found.value
    return found.value


def test_it_follows_a_log_over_http_from_here_on(growing, server, tmp_path):
    state = tmp_path / "state"
    first = look(http(server), state)
    assert first.first and first.new == 0
    assert not any(path.startswith("tile/entries") for path in server.asked)
    growing.grow(*numbers(300, 600))
    server.asked.clear()
    second = look(http(server), state)
    assert (second.new, second.signed.checkpoint.size) == (300, 600)
    assert "tile/entries/000" not in server.asked
    assert {"tile/entries/001", "tile/entries/002.p/88"} <= set(server.asked)
    third = look(http(server), state)
    assert not third.changed
    assert [(line["size"], line["new"]) for line in lines(state)] == [(300, 0), (600, 300)]
    assert len(list((state / "checkpoints").iterdir())) == 2


def test_it_can_read_everything_and_counts_public_types(growing, server, tmp_path):
    growing.grow(make_leaf(clear_type="rules"), make_leaf(), make_leaf(clear_type="rules"), b'{"c":[] "t":1')
    found = look(http(server), tmp_path / "state", from_start=True)
    assert found.new == 304 and found.types == {"rules": 2}
    assert lines(tmp_path / "state")[0]["types"] == {"rules": 2}


def test_without_entries_only_hashes_are_fetched(growing, server, tmp_path):
    found = look(http(server), tmp_path / "state", from_start=True, entries=False)
    assert found.new == 300
    assert not any(path.startswith("tile/entries") for path in server.asked)
    assert "tile/0/000" in server.asked


def test_compressed_bundles(growing, server, tmp_path):
    packed = gzip.compress((growing.directory / "tile/entries/000").read_bytes())
    server.answers["tile/entries/000"] = lambda to: to.send(packed, Content_Encoding="gzip")
    assert look(http(server), tmp_path / "state", from_start=True).new == 300


def test_an_empty_log_grows(tmp_path):
    growing = Growing(tmp_path / "log")
    growing.sign()
    assert look(growing.directory, tmp_path / "state").signed.checkpoint.size == 0
    growing.grow(b"first")
    assert look(growing.directory, tmp_path / "state").new == 1


@given(steps=st.lists(st.integers(0, 300), min_size=1, max_size=6), from_start=st.booleans())
@settings(deadline=None, max_examples=15)
def test_every_honest_history_is_accepted(tmp_path_factory, steps, from_start):
    place = tmp_path_factory.mktemp("history")
    growing = Growing(place / "log")
    size = 0
    for number, step in enumerate(steps):
        growing.grow(*numbers(size, size + step))
        size += step
        found = look(growing.directory, place / "state", from_start=from_start)
        expected = step if number or from_start else 0
        assert found.new == expected and found.signed.checkpoint.size == size
    shutil.rmtree(place)


class Flipping:
    """A source that gives one of the files it is asked for with one bit changed."""

    def __init__(self, source, which, at, bit):
        self.source, self.which, self.at, self.bit = source, which, at, bit
        self.name = source.name
        self.asked = []

    def _given(self, name, data):
        self.asked.append(name)
        if data and len(self.asked) - 1 == self.which:
            at = self.at % len(data)
            return data[:at] + bytes([data[at] ^ (1 << self.bit)]) + data[at + 1 :]
        return data

    def checkpoint(self):
        return self._given("checkpoint", self.source.checkpoint())

    def tile(self, tile):
        return self._given(tile.path, self.source.tile(tile))


@given(
    old=st.integers(1, 600),
    more=st.integers(1, 300),
    which=st.integers(0, 30),
    at=st.integers(0, 10_000),
    bit=st.integers(0, 7),
    from_start=st.booleans(),
)
@settings(deadline=None, max_examples=25)
def test_one_flipped_bit_in_any_fetched_file_is_found_and_later_forgotten(
    tmp_path_factory, old, more, which, at, bit, from_start
):
    place = tmp_path_factory.mktemp("flipped")
    growing = Growing(place / "log")
    growing.grow(*numbers(0, old))
    honest = FolderSource(growing.directory)
    look(honest, place / "state", from_start=from_start)
    growing.grow(*numbers(old, old + more))
    counting = Flipping(honest, -1, 0, 0)
    shutil.copytree(place / "state", place / "copy")
    look(counting, place / "copy")
    flipped = Flipping(honest, which % len(counting.asked), at, bit)
    with pytest.raises(Incident) as found:
        look(flipped, place / "state")
    assert found.value.kind in ("file", "signature")
    assert look(honest, place / "state").signed.checkpoint.size == old + more
    assert sum(line["new"] for line in lines(place / "state")) == more + (old if from_start else 0)
    shutil.rmtree(place)


def forked(growing, at, size):
    """Publish, at the same place, a log that is another from entry ``at`` on."""
    other = Growing(growing.directory, Log([*growing.log.entries[:at]]))
    shutil.rmtree(growing.directory)
    fresh = [*other.log.entries, *(b"other %d" % number for number in range(at, size))]
    other.log.entries.clear()
    other.grow(*fresh)
    return other


@pytest.mark.parametrize("at", [0, 255, 256, 299])
def test_a_fork_is_proven_to_everybody(growing, server, tmp_path, at):
    look(http(server), tmp_path / "state")
    forked(growing, at, 700)
    found = incident("fork", http(server), tmp_path / "state")
    notes = [found.files["checkpoint-known"], found.files["checkpoint-new"]]
    old, new = check_fork(notes, parse_fork_proof(found.files["fork-proof"]), [LOG_KEY.verifier])
    assert (old.size, new.size) == (300, 700)
    assert incident("fork", http(server), tmp_path / "state").files == found.files


def test_two_trees_of_one_size(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    forked(growing, 7, 300)
    found = incident("fork", http(server), tmp_path / "state")
    assert set(found.files) == {"checkpoint-known", "checkpoint-new"}
    assert "two different trees of 300" in str(found)


def test_a_tree_that_shrank(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    growing.sign(size=200)
    assert "perhaps an old copy" in str(incident("shrunk", http(server), tmp_path / "state"))
    growing.sign(size=200, root_hash=bytes(32))
    assert incident("fork", http(server), tmp_path / "state").files["fork-proof"]
    growing.sign(size=0)
    incident("shrunk", http(server), tmp_path / "state")
    shutil.rmtree(growing.directory / "tile")
    growing.sign(size=200)
    assert "old copy" not in str(incident("shrunk", http(server), tmp_path / "state"))
    assert len(list((tmp_path / "state/checkpoints").iterdir())) == 4


def test_a_checkpoint_that_is_not_the_logs(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    growing.sign(signer=OTHER_KEY)
    found = incident("signature", http(server), tmp_path / "state")
    assert found.files == {"checkpoint": (growing.directory / "checkpoint").read_bytes()}
    (growing.directory / "checkpoint").write_bytes(b"<html>come back later</html>")
    incident("signature", http(server), tmp_path / "state")
    (growing.directory / "checkpoint").unlink()
    incident("missing", http(server), tmp_path / "state")
    assert len(list((tmp_path / "state/checkpoints").iterdir())) == 1


def test_tiles_of_another_tree_than_the_signed(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    growing.grow(*numbers(300, 400))
    growing.sign(root_hash=bytes(32))
    found = incident("file", http(server), tmp_path / "state")
    assert {"checkpoint-known", "checkpoint-new", "tile/0/001.p/144", "tile/1/000.p/1"} == set(found.files)


def test_entries_that_are_not_those_of_the_tree(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    growing.grow(*numbers(300, 400))
    path = growing.directory / "tile/entries/001.p/144"
    path.write_bytes(encode_bundle([b"forged %d" % number for number in range(144)]))
    found = incident("file", http(server), tmp_path / "state")
    assert found.files["tile/entries/001.p/144"] == path.read_bytes()
    assert "entry 257 is not" in str(found)
    path.unlink()
    assert "tile/entries/001.p/144" in str(incident("missing", http(server), tmp_path / "state"))


def test_hostile_answers(growing, server, tmp_path):
    look(http(server), tmp_path / "state")
    growing.grow(*numbers(300, 400))

    def endless(to):
        to.send_response(200)
        to.end_headers()
        while not server.closing.is_set():
            to.wfile.write(bytes(65536))

    bomb = gzip.compress(bytes(30_000_000))
    for path in ("tile/0/001.p/144", "tile/entries/001.p/144", "checkpoint"):
        for answer in (endless, lambda to: to.send(bomb, Content_Encoding="gzip")):
            server.answers = {path: answer}
            found = incident("file", http(server), tmp_path / "state")
            assert "longer than" in str(found) and len(found.files["received"]) <= 65536
        server.answers = {path: lambda to: to.send(b"", 302, Location="https://192.0.2.1/")}
        with pytest.raises(Unreachable, match="another server"):
            look(http(server), tmp_path / "state")
        server.answers = {path: lambda to: server.closing.wait(5)}
        with pytest.raises(Unreachable, match="in time"):
            look(http(server), tmp_path / "state")
    server.answers = {}
    assert look(http(server), tmp_path / "state").new == 100


def test_a_folder_follows_one_log_and_one_monitor_uses_it(growing, tmp_path):
    state = tmp_path / "state"
    look(growing.directory, state)
    with pytest.raises(StateDamaged, match="needs a new folder"):
        look(growing.directory, state, from_start=True)
    good = (state / "state.json").read_text()
    for bad in (
        "",
        "[]",
        good[:-20],
        good.replace('"read": 300', '"read": 301'),
        good.replace('"read": 300', '"read": -1'),
        good.replace("log.example.org", "log.example.net", 1),
        good.replace("monitor/1", "monitor/2"),
    ):
        assert bad != good
        (state / "state.json").write_text(bad)
        with pytest.raises(StateDamaged, match=r"is damaged|needs one of its own"):
            look(growing.directory, state)


def test_a_torn_last_line_is_mended(growing, tmp_path):
    state = tmp_path / "state"
    look(growing.directory, state)
    with (state / "seen.jsonl").open("ab") as file:
        file.write(b'{"time": "2026-')
    growing.grow(b"one more")
    look(growing.directory, state)
    assert [line["size"] for line in lines(state)] == [300, 301]


def test_every_flipped_byte_of_everything_that_is_fetched_is_found(tmp_path):
    growing = Growing(tmp_path / "log")
    growing.grow(*numbers(0, 6))
    honest, state = FolderSource(growing.directory), tmp_path / "state"
    look(honest, state)
    growing.grow(*numbers(6, 9))
    counting = Flipping(honest, -1, 0, 0)
    shutil.copytree(state, tmp_path / "copy")
    look(counting, tmp_path / "copy")
    assert set(counting.asked) == {"checkpoint", "tile/0/000.p/9", "tile/entries/000.p/9"}
    tried = 0
    for which, name in enumerate(counting.asked):
        for at in range((growing.directory / name).stat().st_size):
            with pytest.raises(Incident):
                look(Flipping(honest, which, at, at % 8), state)
            tried += 1
    assert tried > 500
    assert look(honest, state).new == 3


def test_a_log_that_grows_while_it_is_read_and_drops_filled_partials(growing, tmp_path):
    state = tmp_path / "state"
    early = (growing.directory / "checkpoint").read_bytes()
    growing.grow(*numbers(300, 600))
    (growing.directory / "checkpoint").write_bytes(early)
    for path in ("tile/0/001.p/44", "tile/entries/001.p/44"):
        (growing.directory / path).unlink()
    assert look(growing.directory, state, from_start=True).new == 300
    growing.sign()
    assert look(growing.directory, state).new == 300
