"""The tables of states: the way of a case, and the ways that do not exist."""

import pytest

from fairnotice.law import states
from fairnotice.law.states import NotAllowed, allowed, next_state


def walk(thing, *acts):
    state = states.INITIAL[thing]
    for act in acts:
        state = next_state(thing, state, act)
    return state


@pytest.mark.parametrize(
    ("thing", "acts", "end"),
    [
        ("notice", ["acknowledge", "attach"], "attached"),
        ("notice", ["acknowledge", "return"], "returned"),
        ("notice", ["suspend", "resume", "acknowledge", "attach", "withdraw"], "withdrawn"),
        ("case", ["claim", "ask_holder", "holder_answered", "decide", "appeal", "review", "close"], "closed"),
        ("case", ["claim", "decide", "close", "reopen", "claim", "release"], "open"),
        ("case", ["claim", "decide", "appeal", "appeal", "review", "appeal"], "appealed"),
        ("decision", ["confirm", "partly_reverse", "reverse"], "reversed"),
        ("decision", ["put_in_force", "expire"], "expired"),
        ("decision", ["refuse"], "refused"),
        ("decision", ["lapse"], "lapsed"),
        ("case", ["drop"], "closed"),
        ("measure", ["close"], "closed"),
        ("measure", ["put_in_force", "lapse"], "lapsed"),
        ("measure", ["put_in_force", "expire", "reverse"], "reversed"),
        ("effect", ["fail", "confirm", "restore", "fail", "retry", "confirm"], "restored"),
        ("effect", ["restore", "confirm"], "restored"),
        ("appeal", ["claim", "partly_reverse"], "partly_reversed"),
        ("appeal", ["omit"], "omitted"),
        ("publication", ["approve", "publish"], "published"),
        ("publication", ["approve", "withhold"], "withheld"),
    ],
)
def test_the_ways_that_exist(thing, acts, end):
    assert walk(thing, *acts) == end


@pytest.mark.parametrize(
    ("thing", "state", "act"),
    [
        ("case", "open", "decide"),  # nobody decides what they have not claimed
        ("case", "open", "close"),  # and nothing closes undecided
        ("case", "claimed", "drop"),
        ("case", "claimed", "close"),
        ("case", "awaiting", "decide"),
        ("case", "appealed", "close"),  # nor while an appeal waits
        ("notice", "suspended", "attach"),
        ("notice", "returned", "attach"),
        ("decision", "refused", "put_in_force"),
        ("decision", "lapsed", "confirm"),
        ("measure", "lapsed", "put_in_force"),
        ("effect", "failed", "cancel"),
        ("effect", "restored", "confirm"),
        ("appeal", "received", "uphold"),
        ("publication", "drafted", "publish"),  # never without the second look
        ("publication", "published", "withhold"),
        ("visitor", "open", "claim"),
        ("case", "nowhere", "claim"),
    ],
)
def test_the_ways_that_do_not_exist(thing, state, act):
    with pytest.raises(NotAllowed) as caught:
        next_state(thing, state, act)
    assert (caught.value.thing, caught.value.state, caught.value.act) == (thing, state, act)
    assert act not in allowed(thing, state)


def test_the_refusal_is_a_plain_sentence():
    with pytest.raises(NotAllowed) as caught:
        next_state("case", "open", "ask_holder")
    assert str(caught.value) == "“ask holder” is not possible here: this case is “open”."


def test_suspended_notices_are_not_lost():
    """DSA article 23: stored, not processed; they come back by one act."""
    assert "resume" in allowed("notice", "suspended")
    assert next_state("notice", "suspended", "resume") == states.INITIAL["notice"]


def test_the_states_for_the_database_are_those_of_the_table():
    assert states.states("appeal") == (
        "received",
        "claimed",
        "upheld",
        "partly_reversed",
        "reversed",
        "omitted",
    )
