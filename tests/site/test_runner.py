"""The runner's tasks: in time, and never stopped by one that fails."""

from itertools import pairwise

import pytest

from fairnotice.site import runner
from fairnotice.site.runner import Task
from tests.site.served import hearing

SENTINEL = "sentinel7f3a"


@pytest.fixture
def clock(monkeypatch):
    """Time that passes when the test says so."""

    class Clock:
        now = 1_000_000.0

        def time(self):
            return self.now

        def monotonic(self):
            return self.now

    found = Clock()
    monkeypatch.setattr(runner, "time", found)
    return found


@pytest.fixture
def said():
    with hearing("fairnotice.runner") as lines:
        yield lines


def test_a_task_acts_once_in_each_slot_of_the_clock(clock):
    done: list[float] = []
    task = Task("log", 3600, lambda: done.append(clock.now), at_start=False)
    for _ in range(3 * 3600 // 100):
        clock.now += 100
        task.run_if_due()
    assert len(done) == 3
    assert all(moment % 3600 < 100 for moment in done), "at the hour, not an hour after the start"


def test_restarts_do_not_put_a_batch_off(clock):
    done: list[float] = []
    for _ in range(86400 // 600):
        task = Task("register", 86400, lambda: done.append(clock.now), at_start=False)
        for _ in range(600 // 60):
            clock.now += 60
            task.run_if_due()
    assert len(done) == 1


def test_a_clock_that_is_set_back_does_not_stop_a_task(clock):
    done: list[float] = []
    task = Task("deadlines", 10, lambda: done.append(clock.now), at_start=True)
    task.run_if_due()
    clock.now -= 5 * 86400
    task.run_if_due()
    assert len(done) == 2


def test_what_runs_once_runs_once(clock):
    done: list[float] = []
    task = Task("publication", float("inf"), lambda: done.append(clock.now), at_start=True)
    for _ in range(5):
        task.run_if_due()
        clock.now += 1000
    assert len(done) == 1


def test_a_task_that_fails_is_logged_without_the_message_and_tried_again_later(clock, said):
    tries: list[float] = []

    def fail() -> None:
        tries.append(clock.now)
        raise ValueError(SENTINEL)

    task = Task("letters", 1, fail, at_start=True)
    for _ in range(100):
        task.run_if_due()
        clock.now += 1
    pauses = [after - before for before, after in pairwise(tries)]
    assert pauses == [2, 4, 8, 16, 32]
    assert said[0].startswith("letters failed, again in 2 s: builtins.ValueError at site/test_runner.py:")
    assert SENTINEL not in "".join(said)


def test_days_of_failures_do_not_end_the_tries(clock, said):
    tries: list[float] = []

    def fail() -> None:
        tries.append(clock.now)
        raise ValueError

    task = Task("letters", 1, fail, at_start=True)
    for _ in range(1100):
        task.run_if_due()
        clock.now += 300
    assert len(tries) == 1100
    assert said[-1].startswith("letters failed, again in 300 s")


def test_after_a_success_the_pauses_begin_anew(clock, said):
    answers = iter([ValueError(), ValueError(), None, ValueError()])

    def act() -> None:
        answer = next(answers)
        if answer:
            raise answer

    task = Task("log", 1, act, at_start=True)
    for step in (0, 2, 4, 1):
        clock.now += step
        task.run_if_due()
    assert [line.partition(":")[0] for line in said] == [
        "log failed, again in 2 s",
        "log failed, again in 4 s",
        "log failed, again in 2 s",
    ]


def test_the_import_folder_has_a_task_where_one_is_set(settings, tmp_path):
    import threading

    settings.FN_IMPORT_FOLDER = None
    assert runner.imports(threading.Event()) == []
    settings.FN_IMPORT_FOLDER = tmp_path / "drop"
    (task,) = runner.imports(threading.Event())
    task.run_if_due()
    assert (tmp_path / "drop").is_dir()
