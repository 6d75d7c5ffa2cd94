"""A bar on a terminal, now and then a line elsewhere, nothing for short work."""

import io

from fairnotice.translog import progress
from fairnotice.translog.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_on_a_terminal():
    terminal = Terminal()
    with Progress("checking", 1000, done=250, stream=terminal) as bar:
        bar.advance(750)
    assert "checking" in terminal.getvalue() and "250/1000" in terminal.getvalue()


def test_lines_elsewhere_when_it_takes_long(monkeypatch):
    stream = io.StringIO()
    with Progress("checking", 1000, stream=stream) as bar:
        bar.advance(10)
        assert stream.getvalue() == ""
        monkeypatch.setattr(progress, "_LINE_EVERY", 0.0)
        bar.advance(20)
    assert stream.getvalue() == "checking: 30 of 1000 entries\n"


def test_nothing_to_do_shows_no_bar():
    terminal = Terminal()
    with Progress("checking", 5, done=5, stream=terminal):
        pass
    assert terminal.getvalue() == ""
