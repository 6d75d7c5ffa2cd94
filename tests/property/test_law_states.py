"""The tables are closed and have a way on; deadlines never run backwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.law import enums, problems
from fairnotice.law.deadlines import CASE_HOURS, appeal_until, case_due, priority
from fairnotice.law.states import INITIAL, TABLES, THINGS, NotAllowed, allowed, next_state, states

things = st.sampled_from(THINGS)
ENDS = {
    "notice": {"returned", "withdrawn"},
    "case": set(),
    "decision": {"refused", "withdrawn", "reversed"},
    "measure": {"closed", "withdrawn", "reversed"},
    "effect": {"restored"},
    "appeal": {"upheld", "partly_reversed", "reversed", "omitted"},
    "publication": {"published"},
    "forward": {"answered", "declined", "spared", "stopped"},
    "received": {"taken", "passed_on", "filed"},
    "table": {"done", "dropped"},
    "report": {"corrected", "dropped"},
    "erasure": {"done", "refused", "taken_back"},
    "evidence": {"removed"},
    "filing": {"accepted", "erased"},
}


@given(things, st.data())
def test_no_walk_leaves_the_table(thing, data):
    state = INITIAL[thing]
    for _ in range(20):
        assert state in states(thing)
        acts = allowed(thing, state)
        if not acts:
            assert state in ENDS[thing]
            break
        state = next_state(thing, state, data.draw(st.sampled_from(acts)))


@given(things | st.text(), st.text(), st.text())
def test_what_the_table_does_not_hold_is_refused_in_words(thing, state, act):
    if act not in allowed(thing, state):
        with pytest.raises(NotAllowed, match="is not possible here"):
            next_state(thing, state, act)


@pytest.mark.parametrize("thing", THINGS)
def test_every_state_is_reached_and_exactly_the_ends_have_no_acts(thing):
    reached, ahead = set(), [INITIAL[thing]]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead.extend(TABLES[thing][state].values())
    assert reached == set(TABLES[thing])
    assert {state for state in reached if not allowed(thing, state)} == ENDS[thing]


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 400), st.integers(6, 36))
def test_who_is_informed_later_never_has_to_appeal_earlier(informed, later, months):
    until = appeal_until(informed, months)
    assert appeal_until(informed + timedelta(days=later), months) >= until
    assert appeal_until(informed, months + 1) > until
    # Six months are never fewer than 181 days, whatever the months are.
    assert (until - informed).days >= 181


@given(
    st.sets(st.sampled_from(sorted(problems.FLAGS))),
    st.booleans(),
    st.sampled_from(sorted(enums.SOURCE_TYPES)),
)
def test_a_further_flag_never_makes_a_case_wait_longer(flags, trusted, source):
    level = priority(flags, trusted, source).level
    for flag in problems.FLAGS:
        assert priority(flags | {flag}, trusted, source).level <= level
    assert priority(flags, True, source).level <= level


@given(st.datetimes(max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds it
def test_the_more_urgent_is_due_earlier(received):
    due = [case_due(received, level) for level in CASE_HOURS]
    assert due == sorted(due)
    assert due[0] > received
