"""Files for imports, and a short way to take one in."""

from __future__ import annotations

from pathlib import Path

from fairnotice.answerable.actions.imports import ImportResult, import_file
from fairnotice.answerable.imports.bad import lines_of
from fairnotice.answerable.imports.deciding import Difference
from fairnotice.answerable.imports.shape import BadLine
from fairnotice.answerable.imports.watch import Watch
from fairnotice.answerable.models import (
    Change,
    Contact,
    Delegation,
    ImportRun,
    Organisation,
    OrganisationVersion,
    Resource,
)

HEADER = (
    "organisation_handle,organisation_name,country,contact_role,contact_channel,contact_address,resource,"
    "from_handle,delegation_kind,valid_from,valid_until,visibility,source"
)
FILE = [
    HEADER,
    "ORG-NET,Example Network,nl,abuse,mail,abuse@example.net,,,,,,,",
    "ORG-NET,Example Network,NL,,,,192.0.2.0/24,,allocation,2020-01-01,,,registry",
    "ORG-HOST,Example Hosting,DE,,,abuse@example.org,192.0.2.0/26,ORG-NET,lease,2024-06-01,2999-01-01,,",
    'ORG-SHOP,"Shop, Example",,abuse,form,https://example.org/abuse,bücher.example,,hosting,2024-06-01,,public,',
    "ORG-NET,Example Network,,,,,AS64500-AS64501,,allocation,2020-01-01,,,",
    "",
]
TABLES = (Organisation, OrganisationVersion, Contact, Resource, Delegation, Change)


class Seen(Watch):
    """Keeps what it is told."""

    shows = True

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self.lines: list[BadLine] = []
        self.moves: list[int] = []

    def moved(self, position: int, lines: int) -> None:
        self.moves.append(lines)

    def bad(self, line: BadLine) -> None:
        self.lines.append(line)

    def differs(self, difference: Difference) -> None:
        self.differences.append(difference)


def load(folder: Path, content: list[str] | str | bytes, **options: object) -> ImportResult:
    """Take in a file of these lines."""
    path = folder / "taken-in"
    if isinstance(content, list):
        content = "".join(f"{line}\n" for line in content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_file(path=path, actor_id=None, **options)  # type: ignore[arg-type]


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, result.bad


def bad(result: ImportResult) -> list[BadLine]:
    return list(lines_of(ImportRun.objects.get(pk=result.run)))


def rows() -> list[object]:
    """Everything in the register."""
    return [list(model._default_manager.order_by("pk").values_list()) for model in TABLES]


def said() -> list[tuple[object, ...]]:
    """The delegations that are said, as people see them."""
    found = Delegation.objects.filter(recorded_until=None).select_related("resource", "from_org", "to_org")
    from fairnotice.answerable.rows import target_of

    return sorted(
        (
            target_of(row.resource).text,
            row.from_org.handle if row.from_org else "",
            row.to_org.handle,
            row.kind,
            row.valid_from.isoformat(),
            row.valid_until.isoformat() if row.valid_until else "",
        )
        for row in found
    )
