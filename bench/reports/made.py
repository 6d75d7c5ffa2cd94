"""Cases by the million, as rows alone: `python -m bench.reports.made COUNT`.

Counting reads no sealed value, so none is made, and zeros stand where a commitment would. The rows are made
inside the database, spread over a year, with the kinds of facts that a report counts.
"""

from __future__ import annotations

import sys
from typing import Any

_BATCH = 50_000
# Each row's kinds follow its number, so that every category, ground and outcome is there.
_CATEGORIES = """CASE n % 5 WHEN 0 THEN 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD'
    WHEN 1 THEN 'STATEMENT_CATEGORY_VIOLENCE'
    WHEN 2 THEN 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH' WHEN 3 THEN 'STATEMENT_CATEGORY_CYBER_VIOLENCE'
    ELSE 'STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE' END"""
_KEYWORDS = """CASE n % 5 WHEN 0 THEN 'KEYWORD_PHISHING' WHEN 1 THEN '' WHEN 2 THEN 'KEYWORD_DEFAMATION'
    WHEN 3 THEN 'KEYWORD_CYBER_BULLYING_INTIMIDATION' ELSE '' END"""
_WHEN = "strftime('%Y-%m-%d %H:%M:%S', 1735689600 + (n * 31556.7) % 31500000 + {later}, 'unixepoch')"
_SOURCE = "CASE WHEN n % 20 = 0 THEN 'SOURCE_TRUSTED_FLAGGER' ELSE 'SOURCE_ARTICLE_16' END"
_KIND = """CASE n % 3 WHEN 0 THEN 'DECISION_VISIBILITY_CONTENT_REMOVED' WHEN 1 THEN
    'DECISION_VISIBILITY_CONTENT_DISABLED' ELSE 'DECISION_ACCOUNT_SUSPENDED' END"""
_LATER = "(n * 7919) % 400000"


def _given(event: int, user: int) -> dict[str, dict[str, str]]:
    """Table -> column -> SQL over n; every other column gets an empty value of its type."""
    decided, effect = _WHEN.format(later=_LATER), _WHEN.format(later=f"{_LATER} + 60")
    begun, told = _WHEN.format(later=0), {"event_id": str(event)}
    lengths = dict.fromkeys(("facts_length", "explanation_length", "necessity_length", "milder_length"), "1")
    return {
        "cases_case": {
            "id": "n",
            "ref": "printf('C%011d', n)",
            "opened_at": begun,
            "state": "'decided'",
            "due_at": begun,
            "version": "1",
        },
        "cases_notice": {
            "id": "n",
            "ref": "printf('N%011d', n)",
            "received_at": begun,
            "source_type": _SOURCE,
            "category": _CATEGORIES,
            "keyword": _KEYWORDS,
            "ground_kind": "'unsure'",
            "why_length": "1",
            **told,
        },
        "cases_noticeitem": {"id": "n", "ref": "printf('I%011d', n)", "notice_id": "n", "case_id": "n"},
        "cases_decision": {
            "id": "n",
            "ref": "printf('D%011d', n)",
            "case_id": "n",
            "decided_by_id": str(user),
            "decided_at": decided,
            "ground_kind": "'law'",
            "ground_text": "'A law'",
            "category": _CATEGORIES,
            "source_type": _SOURCE,
            "automated_decision": "'AUTOMATED_DECISION_NOT_AUTOMATED'",
            "content_date": "'2025-01-01'",
            "appeal_months": "6",
            **lengths,
            **told,
        },
        "cases_measure": {
            "id": "n",
            "ref": "printf('M%011d', n)",
            "decision_id": "n",
            "kind": _KIND,
            "start": "'2025-01-01'",
            "review": "'2026-01-01'",
            "how_to_reverse": "'x'",
        },
        "cases_statement": {
            "id": "n",
            "ref": "printf('S%011d', n)",
            "decision_id": "n",
            "audience": "'affected'",
            "made_at": decided,
            "body_length": "1",
            **told,
        },
        "cases_measurestatus": {
            "measure_id": "n",
            "state": "'in_force'",
            "in_force_at": effect,
            "statement_id": "n",
        },
    }


_NULL = {"item_key", "notice_id", "client_id", "outcome_id", "erased_at", "closed_at", "claimed_by_id"}


def make(count: int) -> None:
    """Fill the data folder of this process."""
    from fairnotice.site.setup import prepare

    prepare()
    from django.db import connection, transaction
    from tqdm import tqdm

    from fairnotice.accounts.models import User
    from fairnotice.ledger.append import append

    with transaction.atomic():
        event = append(kind="bench", open={}).pk
    user = User.objects.create_user(username="bench").pk
    connection.ensure_connection()
    link = connection.connection
    link.execute("PRAGMA synchronous = OFF")
    given = _given(event, user)
    with tqdm(total=count, desc="cases", disable=None) as bar:
        for low in range(1, count + 1, _BATCH):
            high = min(low + _BATCH, count + 1)
            for table, columns in given.items():
                link.execute(_insert(link, table, columns), {"low": low, "high": high})
            bar.update(high - low)
    _appeals(link, count, event, user, "(n % 10) = 3")


def _appeals(link: Any, count: int, event: int, user: int, which: str) -> None:
    columns = {
        "id": "n",
        "ref": "printf('A%011d', n)",
        "decision_id": "n",
        "side": "'affected'",
        "received_at": _WHEN.format(later=f"{_LATER} + 90000"),
        "reasons_length": "1",
        "event_id": str(event),
    }
    outcome = {
        "id": "n",
        "ref": "printf('O%011d', n)",
        "appeal_id": "n",
        "outcome": "CASE WHEN n % 20 = 3 THEN 'upheld' ELSE 'reversed' END",
        "decided_by_id": str(user + 1),
        "first_decider_id": str(user),
        "decided_at": _WHEN.format(later=f"{_LATER} + 190000"),
        "reasons_length": "1",
        "event_id": str(event),
    }
    from fairnotice.accounts.models import User

    User.objects.create(pk=user + 1, username="bench appeals")
    for table, given in (("cases_appeal", columns), ("cases_appealoutcome", outcome)):
        link.execute(_insert(link, table, given) + f" AND {which}", {"low": 1, "high": count + 1})


def _insert(link: Any, table: str, given: dict[str, str]) -> str:
    names, values = [], []
    for _place, name, kind, needed, *_rest in link.execute(f"PRAGMA table_info({table})").fetchall():
        names.append(f'"{name}"')
        values.append(given.get(name) or _nothing(name, kind, needed))
    numbers = "WITH RECURSIVE c(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM c WHERE n + 1 < :high)"
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - our own names
        f"{numbers} SELECT {', '.join(values)} FROM c WHERE true"
    )


def _nothing(name: str, kind: str, needed: int) -> str:
    if name in _NULL or not needed:
        return "zeroblob(32)" if name.endswith("_commitment") else "NULL"
    kind = kind.lower()
    if "char" in kind or kind == "text":
        return "'[]'" if name in _LISTS else "''"
    return "zeroblob(32)" if kind == "blob" else "0"


_LISTS = {"reasons", "category_additions", "keywords", "content_types", "territorial_scope", "rests_on"}

if __name__ == "__main__":
    make(int(sys.argv[1]))
