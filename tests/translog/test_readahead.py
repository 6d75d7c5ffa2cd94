"""Reading ahead gives the same files, in any order, never many at once, and ends though a server hangs."""

import threading

import pytest

from fairnotice.translog.readahead import ReadAhead
from fairnotice.translog.sources import TileMissing
from fairnotice.translog.tilepaths import Tile


class Slow:
    name = "slow"

    def __init__(self):
        self.asked = []
        self.hold = threading.Event()
        self.hold.set()

    def checkpoint(self):
        return b"checkpoint"

    def tile(self, tile):
        self.asked.append(tile.index)
        self.hold.wait(10)
        if tile.index == 13:
            raise TileMissing("13 is missing")
        return b"%d" % tile.index


def plan(count):
    return (Tile(0, index) for index in range(count))


def test_each_file_is_read_once_and_given_where_it_belongs():
    source = Slow()
    with ReadAhead(source, plan(40)) as ahead:
        assert ahead.checkpoint() == b"checkpoint"
        assert ahead.tile(Tile(0, 99)) == b"99"
        for index in range(40):
            if index == 13:
                with pytest.raises(TileMissing, match="13 is missing"):
                    ahead.tile(Tile(0, 13))
            else:
                assert ahead.tile(Tile(0, index)) == b"%d" % index
    assert sorted(source.asked) == [*range(40), 99]


def test_no_more_than_eight_lie_ready():
    source = Slow()
    with ReadAhead(source, plan(40)) as ahead:
        ahead.tile(Tile(0, 0))
        ahead.tile(Tile(0, 7))
        assert max(source.asked) <= 9
    assert max(source.asked) <= 9


def test_leaving_does_not_wait_for_a_server_that_hangs():
    source = Slow()
    source.hold.clear()
    with pytest.raises(KeyboardInterrupt), ReadAhead(source, plan(40)):
        raise KeyboardInterrupt
    assert len(source.asked) <= 4
    source.hold.set()
