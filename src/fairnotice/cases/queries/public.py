"""What everybody may read: the register and the rules."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from fairnotice.cases.models import PublicEntry, RulesVersion


def register(
    *,
    words: str = "",
    category: str = "",
    ground: str = "",
    measure: str = "",
    month: str = "",
    appeal: str = "",
) -> QuerySet[PublicEntry]:
    """Published entries, newest first. `words` are looked for in the summary and the ground, all of them;
    there is nothing else to search in, and no person to search for."""
    rows = PublicEntry.objects.all()
    for word in words.split()[:10]:
        rows = rows.filter(Q(summary__icontains=word) | Q(ground_text__icontains=word))
    for column, value in (("category", category), ("ground_kind", ground), ("month", month)):
        if value:
            rows = rows.filter(**{column: value})
    if appeal:
        rows = rows.filter(appeal_outcome="" if appeal == "none" else appeal)
    if measure:
        # The list is short and its members are codes, so a quoted substring is exact.
        rows = rows.filter(measures__icontains=f'"{measure}"')
    return rows.order_by("-published_on", "ref")


def months() -> list[str]:
    """The months that have entries, newest first."""
    return list(PublicEntry.objects.order_by("-month").values_list("month", flat=True).distinct())


def entry_json(entry: PublicEntry) -> dict[str, Any]:
    """The public fields of an entry, nothing else."""
    names = [f.name for f in PublicEntry._meta.fields if f.name not in ("id", "evidence")]
    found = {name: getattr(entry, name) for name in names}
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in found.items()}


def current_rules() -> RulesVersion | None:
    """The version of the rules in force."""
    return RulesVersion.objects.order_by("-number").first()
