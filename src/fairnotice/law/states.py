"""What can happen to a thing, as one table per thing: state -> act -> next state.

    notice       received -acknowledge-> acknowledged -attach-> attached -withdraw-> withdrawn
                 received | acknowledged: also -return-> returned, -suspend-> suspended -resume-> received
    case         open <-> claimed <-> awaiting;   open -drop-> closed (its only notice was withdrawn)
                 claimed -decide-> decided -appeal-> appealed -review-> reviewed
                 decided | reviewed -close-> closed -appeal-> appealed
                 decided | reviewed | closed -reopen-> open
    decision     proposed -confirm | put_in_force-> in_force -> expired | lapsed | partly_reversed | reversed
                 proposed -> refused (by the second person) | lapsed (unconfirmed) | withdrawn
    measure      proposed -put_in_force-> in_force -> expired | lapsed | reversed
                 proposed -close-> closed ("no action") | lapsed (unconfirmed) | withdrawn
    effect       pending <-> failed;   both -confirm-> confirmed
                 all three -restore-> restoring <-> restore_failed;   both -confirm-> restored
    appeal       received <-> claimed -> upheld | partly_reversed | reversed;   both -omit-> omitted
    publication  drafted -approve-> approved -publish-> published;   drafted | approved -withhold-> withheld
    forward      proposed -confirm-> confirmed -send-> sending -dispatch-> dispatched -remind-> reminded
                 dispatched | reminded -expire-> overdue -escalate-> escalated
                 whoever was asked: -take-> taken, -answer-> answered;   proposed -decline-> declined
                 proposed | confirmed -spare-> spared;   all but the ends: -stop-> stopped
    received     new -take-> taken (a notice), -wait-> waiting (for a person), -hold-> held, -pass_on->
                 passed_on, -file-> filed (needs nothing);   waiting -take-> taken, -file-> filed
                 held | waiting -dismiss-> dismissed;   held -release-> new;   dismissed -release-> waiting
    table        draft -start-> running -stop-> stopped -start-> running;   running -finish-> done
                 draft -drop-> dropped
    report       built -publish-> published -correct-> corrected (a later version stands beside it);
                 built -drop-> dropped
    erasure      asked -grant-> granted -confirm-> done;   asked | granted -refuse-> refused, -take_back->
                 taken_back
    evidence     quarantined -show-> ready (looked at, can be shown), -keep-> kept (only as it came in),
                 -refuse-> refused (nothing of it is handed out);   all four -remove-> removed
    filing       queued -send-> sending -accept-> accepted (the database has it), -reject-> rejected,
                 -give_back-> queued;   queued -hold-> held;   held | rejected -release-> queued
                 queued | held | rejected -erase-> erased;   queued | rejected also -accept-> accepted

A state with an empty row is an end: nothing can happen to the thing any more. Acts are verbs, so that an
action of the program, its event in the log and the row of the table carry the same word.
"""

from collections.abc import Mapping
from typing import Literal, get_args

Thing = Literal[
    "notice",
    "case",
    "decision",
    "measure",
    "effect",
    "appeal",
    "publication",
    "forward",
    "received",
    "table",
    "report",
    "erasure",
    "evidence",
    "filing",
]

THINGS: tuple[Thing, ...] = get_args(Thing)

Table = Mapping[str, Mapping[str, str]]

NOTICE: Table = {
    "received": {
        "acknowledge": "acknowledged",
        "attach": "attached",  # no receipt can be sent to an anonymous notifier, who read it on the page
        "return": "returned",
        "suspend": "suspended",
        "withdraw": "withdrawn",
    },
    "acknowledged": {
        "attach": "attached",
        "return": "returned",
        "suspend": "suspended",
        "withdraw": "withdrawn",
    },
    "attached": {"withdraw": "withdrawn"},
    # Stored, not processed, not lost (DSA article 23): it goes on when the suspension ends or was wrong.
    "suspended": {"resume": "received", "withdraw": "withdrawn"},
    "returned": {},
    "withdrawn": {},
}

CASE: Table = {
    # Dropped: the only notice was withdrawn before anybody took the case on.
    "open": {"claim": "claimed", "drop": "closed"},
    "claimed": {"release": "open", "ask_holder": "awaiting", "decide": "decided"},
    # The clock may run out without an answer: the case goes back to its reviewer either way.
    "awaiting": {"holder_answered": "claimed", "holder_silent": "claimed", "release": "open"},
    "decided": {"appeal": "appealed", "close": "closed", "reopen": "open"},
    # Both sides may appeal, at once or in turn; the case is reviewed when the last appeal is answered.
    "appealed": {"appeal": "appealed", "review": "reviewed", "omit_appeal": "decided"},
    "reviewed": {"appeal": "appealed", "close": "closed", "reopen": "open"},
    # Never final: an appeal in time, an order or new facts open it again.
    "closed": {"appeal": "appealed", "reopen": "open"},
}

DECISION: Table = {
    "proposed": {
        "confirm": "in_force",  # the second person, where the measure is severe
        "put_in_force": "in_force",  # no second person needed
        "refuse": "refused",  # the second person says no
        "lapse": "lapsed",  # no second person came in time
        "withdraw": "withdrawn",  # the decider takes it back before it took effect
    },
    "in_force": {
        "expire": "expired",
        "lapse": "lapsed",
        "partly_reverse": "partly_reversed",
        "reverse": "reversed",
    },
    # Both sides may appeal, so it can be changed more than once.
    "partly_reversed": {
        "expire": "expired",
        "lapse": "lapsed",
        "partly_reverse": "partly_reversed",
        "reverse": "reversed",
    },
    # What has ended can still have been wrong while the time for appeal runs: it can be declared so.
    "expired": {"partly_reverse": "partly_reversed", "reverse": "reversed"},
    "lapsed": {"partly_reverse": "partly_reversed", "reverse": "reversed"},
    "refused": {},
    "withdrawn": {},
    "reversed": {},
}

MEASURE: Table = {
    # "No action" is never in force: there is nothing to carry out, so it is closed as soon as it is decided.
    "proposed": {"put_in_force": "in_force", "close": "closed", "lapse": "lapsed", "withdraw": "withdrawn"},
    "in_force": {"expire": "expired", "lapse": "lapsed", "reverse": "reversed"},
    "expired": {"reverse": "reversed"},
    "lapsed": {"reverse": "reversed"},
    "closed": {},
    "withdrawn": {},
    "reversed": {},
}

# Beside the measure: whether the operator's systems, or a person, really did it, and later really undid it.
# Also a measure that nobody confirmed is restored by a report, not by assumption: it may have been half done.
EFFECT: Table = {
    "pending": {"confirm": "confirmed", "fail": "failed", "restore": "restoring"},
    "failed": {"confirm": "confirmed", "retry": "pending", "restore": "restoring"},
    "confirmed": {"restore": "restoring"},
    "restoring": {"confirm": "restored", "fail": "restore_failed"},
    "restore_failed": {"confirm": "restored", "retry": "restoring"},
    "restored": {},
}

APPEAL: Table = {
    "received": {"claim": "claimed", "omit": "omitted"},
    "claimed": {
        "release": "received",
        "uphold": "upheld",
        "partly_reverse": "partly_reversed",
        "reverse": "reversed",
        "omit": "omitted",
    },
    "upheld": {},
    "partly_reversed": {},
    "reversed": {},
    "omitted": {},
}

PUBLICATION: Table = {
    "drafted": {"approve": "approved", "withhold": "withheld"},
    # Between approval and the daily batch somebody may still find a name in it.
    "approved": {"publish": "published", "withhold": "withheld", "redraft": "drafted"},
    "published": {},
    "withheld": {"redraft": "drafted"},
}

# One reported item on its way to one organisation. Only what the notifier confirmed is ever sent.
FORWARD: Table = {
    "proposed": {"confirm": "confirmed", "decline": "declined", "spare": "spared", "stop": "stopped"},
    # It waits for its turn: the organisations nearer to the item are asked first.
    "confirmed": {"send": "sending", "spare": "spared", "stop": "stopped"},
    "sending": {"dispatch": "dispatched", "fail": "undeliverable", "stop": "stopped"},
    "dispatched": {
        "remind": "reminded",
        "take": "taken",
        "answer": "answered",
        "bounce": "undeliverable",
        "expire": "overdue",
        "stop": "stopped",
    },
    "reminded": {
        "remind": "reminded",
        "take": "taken",
        "answer": "answered",
        "bounce": "undeliverable",
        "expire": "overdue",
        "stop": "stopped",
    },
    # Nobody answered in time. A late answer still counts, also when the next one has been asked by then.
    "overdue": {
        "remind": "overdue",
        "escalate": "escalated",
        "take": "taken",
        "answer": "answered",
        "stop": "stopped",
    },
    "escalated": {"take": "taken", "answer": "answered", "stop": "stopped"},
    # They have it in hand and no longer owe an answer by a day, but may say what came of it.
    "taken": {"remind": "taken", "answer": "answered", "stop": "stopped"},
    # What a person learns in another way is recorded all the same. Once the cause is mended, the letter that
    # was given up can be sent again where nobody else has been asked.
    "undeliverable": {"resend": "sending", "take": "taken", "answer": "answered", "stop": "stopped"},
    "answered": {},
    "declined": {},
    # Somebody nearer has answered for the item: nobody else need be told.
    "spared": {},
    "stopped": {},
}

# Whatever came in at a door that stores before it reads. Nothing that came in is ever lost.
RECEIVED: Table = {
    "new": {"take": "taken", "wait": "waiting", "hold": "held", "pass_on": "passed_on", "file": "filed"},
    "waiting": {"take": "taken", "file": "filed", "dismiss": "dismissed"},
    # In quarantine, where a person sees it and can let it go on.
    "held": {"release": "new", "dismiss": "dismissed"},
    "dismissed": {"release": "waiting"},
    "taken": {},
    "passed_on": {},
    "filed": {},
}

# A table of notices: a line becomes a notice, one after the other, while it runs.
TABLE: Table = {
    "draft": {"start": "running", "drop": "dropped"},
    "running": {"stop": "stopped", "finish": "done"},
    "stopped": {"start": "running"},
    "done": {},
    "dropped": {},
}

# A version of a transparency report. What was published stays public, also where a later version corrects it.
REPORT: Table = {
    "built": {"publish": "published", "drop": "dropped"},
    "published": {"correct": "corrected"},
    "corrected": {},
    "dropped": {},
}

# Somebody asked that what they gave be erased (GDPR article 17): two people say yes, one can say no.
ERASURE: Table = {
    "asked": {"grant": "granted", "refuse": "refused", "take_back": "taken_back"},
    "granted": {"confirm": "done", "refuse": "refused", "take_back": "taken_back"},
    "done": {},
    "refused": {},
    "taken_back": {},
}

# A file that came with a notice. Nothing of it is shown or handed out before it was looked at.
EVIDENCE: Table = {
    "quarantined": {"show": "ready", "keep": "kept", "refuse": "refused", "remove": "removed"},
    "ready": {"remove": "removed"},
    "kept": {"remove": "removed"},
    "refused": {"remove": "removed"},
    "removed": {},
}

# A statement of reasons on its way into the EU database (DSA article 24(5)). What was in a call whose ending
# nobody knows stays `sending` until the database has said whether it knows the identifier.
FILING: Table = {
    "queued": {"send": "sending", "hold": "held", "erase": "erased", "accept": "accepted"},
    "held": {"release": "queued", "erase": "erased"},
    "sending": {"accept": "accepted", "reject": "rejected", "give_back": "queued"},
    "rejected": {"release": "queued", "erase": "erased", "accept": "accepted"},
    "accepted": {},
    "erased": {},
}

TABLES: Mapping[Thing, Table] = {
    "notice": NOTICE,
    "case": CASE,
    "decision": DECISION,
    "measure": MEASURE,
    "effect": EFFECT,
    "appeal": APPEAL,
    "publication": PUBLICATION,
    "forward": FORWARD,
    "received": RECEIVED,
    "table": TABLE,
    "report": REPORT,
    "erasure": ERASURE,
    "evidence": EVIDENCE,
    "filing": FILING,
}

INITIAL: Mapping[Thing, str] = {thing: next(iter(table)) for thing, table in TABLES.items()}


class NotAllowed(Exception):
    """An act that the table does not hold for this state. Its text names both, for whoever mends the program;
    people get a sentence that can be translated (`cases.steps`)."""

    def __init__(self, thing: str, state: str, act: str) -> None:
        super().__init__(f"“{_words(act)}” is not possible here: this {thing} is “{_words(state)}”.")
        self.thing, self.state, self.act = thing, state, act


def next_state(thing: Thing, state: str, act: str) -> str:
    """The state that `act` leads to. Raises NotAllowed, also for an unknown thing, state or act."""
    try:
        return TABLES[thing][state][act]
    except KeyError:
        raise NotAllowed(thing, state, act) from None


def allowed(thing: Thing, state: str) -> tuple[str, ...]:
    """The acts that are possible now, in the table's order; none for an end or an unknown state."""
    table = TABLES.get(thing, {})
    return tuple(table.get(state, ()))


def states(thing: Thing) -> tuple[str, ...]:
    """All states of a thing in the table's order, as a database constraint lists them."""
    return tuple(TABLES[thing])


def _words(name: str) -> str:
    return name.replace("_", " ")
