"""Nobody can be looked up by what they did: rows are found by a case, never by the person."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps

from tests.never import walking

QUERIES = {"filter", "exclude", "get", "get_or_create", "in_bulk", "order_by", "values_list", "aggregate"}
# Everything that says who acted, by the tables themselves, and the ledger's plain number.
STAFF = {
    field.name
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if field.is_relation and field.related_model is not None and field.related_model.__name__ == "User"
} | {"actor"}
# File -> why it may ask by an account that is not the asking one's own.
PLACES = {
    "accounts/models.py": "the roles of whoever is signed in",
    "accounts/actions.py": "changes an account's roles by its sign-in name",
    "accounts/proposals.py": "what is proposed for an account: its roles, its second factor, whether it is open",
    "accounts/linking.py": "which sign-ins elsewhere an account is linked to",
    "accounts/second_factor.py": "which second factors an account has",
    "accounts/sign_ins.py": "where somebody is signed in, for themselves and for ending it",
}


def _faults(path: str, tree: ast.Module) -> list[str]:
    """Queries by a person, unless within one case, or by the one who asks (`actor.user_id`)."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or walking.called(node) not in QUERIES or path in PLACES:
            continue
        if any((keyword.arg or "").rpartition("__")[2] == "case" for keyword in node.keywords):
            continue  # what one person has to do with one case
        for keyword in node.keywords:
            names = set((keyword.arg or "").split("__"))
            if (
                names & (STAFF | {f"{name}_id" for name in STAFF})
                and not _own(keyword.value)
                and "is_active" not in names
            ):
                found.append(f"{path}:{node.lineno} {keyword.arg}")
    return found


def _own(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is None or isinstance(value.value, bool)
    return (
        isinstance(value, ast.Attribute)
        and value.attr == "user_id"
        and isinstance(value.value, ast.Name)
        and value.value.id == "actor"
    )


def test_no_query_finds_rows_by_a_person() -> None:
    """With such a query, what somebody did here becomes a list of their work and their opinions."""
    assert [fault for path, tree in walking.sources() for fault in _faults(path, tree)] == []


def test_the_walk_knows_who_acts() -> None:
    assert {"decided_by", "claimed_by", "approved_by", "second", "decider", "actor"} <= STAFF


@pytest.mark.parametrize(
    "line",
    [
        "Decision.objects.filter(decided_by=user)",
        "Event.objects.filter(actor_id=request.GET['who'])",
        "Case.objects.exclude(decisions__decided_by_id=pk)",
        "Case.objects.filter(claimed_by__username=name)",
    ],
)
def test_a_planted_query_is_found(line: str) -> None:
    assert _faults("review/views/people.py", ast.parse(line))


def test_asking_for_ones_own_is_no_fault() -> None:
    assert not _faults("review/views/queue.py", ast.parse("Case.objects.filter(claimed_by_id=actor.user_id)"))
