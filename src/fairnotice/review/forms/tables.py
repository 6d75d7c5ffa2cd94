"""What the columns of a table mean. What is missing is said by `cases.tables.mapping`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.models import TableMapping
from fairnotice.cases.tables.mapping import CONSTANTS, FIELDS, Mapping
from fairnotice.law.problems import PROBLEMS
from fairnotice.review.faulty import value
from fairnotice.review.forms.fields import Choice, Tick, Words
from fairnotice.review.forms.plain import PlainForm

_LONG = {"why": 3}


class MappingForm(PlainForm):
    """A choice of column for each field, a text for what may be the same in every line, and who made the
    list."""

    source = Choice(
        label=gettext_lazy("Who made this list"),
        choices=[
            ("people", gettext_lazy("People: each line is somebody's notice, and says that they believe it")),
            ("program", gettext_lazy("A program: its lines are reports, and nobody confirmed anything")),
        ],
        widget=forms.RadioSelect,
    )
    receipts = Tick(
        label=gettext_lazy("Send a receipt with a code to each e-mail address in the list"), required=False
    )
    keep_as = Words(
        label=gettext_lazy("Keep these choices under a name"),
        help_text=gettext_lazy("For the next list of the same sender. Empty: they are not kept."),
        required=False,
        limit=80,
    )

    def __init__(self, *args: Any, columns: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– not in the list –")), *((column, column) for column in columns)]
        for name, label in FIELDS.items():
            needed = name == "location"
            self.fields[f"column_{name}"] = Choice(label=_(label), choices=choices, required=needed)
        for name in CONSTANTS:
            label = _("The same in every line: %(field)s") % {"field": _(FIELDS[name])}
            if name == "problem":
                problems = [("", "–"), *((problem.slug, _(problem.label)) for problem in PROBLEMS)]
                self.fields[f"same_{name}"] = Choice(label=label, choices=problems, required=False)
            else:
                self.fields[f"same_{name}"] = Words(label=label, required=False, rows=_LONG.get(name, 0))
        self.order_fields(_order())

    def mapping(self) -> Mapping:
        """What was chosen."""
        return Mapping(
            columns={name: column for name in FIELDS if (column := value(self, f"column_{name}"))},
            constants={name: text for name in CONSTANTS if (text := value(self, f"same_{name}").strip())},
            machine=value(self, "source") == "program",
        )


class PasteForm(PlainForm):
    """A table as text. No page of the service takes a file."""

    table = Words(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy(
            "Copy it from a spreadsheet or a CSV file, with the line that names the columns; or JSON, one "
            "object in each line. What is longer than about 1.5 MB goes in on the command line: fairnotice "
            "intake table."
        ),
        rows=10,
        strip=False,
    )


class KeptForm(PlainForm):
    """Which of the kept mappings to begin with."""

    kept = Choice(label=gettext_lazy("Begin with choices that were kept"), required=False)

    def __init__(self, *args: Any, kept: list[TableMapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [("", "–"), *((one.ref, one.label) for one in kept)]  # type: ignore[attr-defined]


def initial(mapping: Mapping) -> dict[str, Any]:
    """A mapping as the values of the form."""
    found: dict[str, Any] = {f"column_{name}": column for name, column in mapping.columns.items()}
    found |= {f"same_{name}": text for name, text in mapping.constants.items()}
    found["source"] = "program" if mapping.machine else "people"
    return found


def fault_field(path: str, form: MappingForm) -> str:
    """The field of the form at which a fault of the mapping belongs."""
    return f"column_{path}" if f"column_{path}" in form.fields else path


def _order() -> list[str]:
    """Each column beside what may stand in its place."""
    found = ["source"]
    for name in FIELDS:
        found.append(f"column_{name}")
        if name in CONSTANTS:
            found.append(f"same_{name}")
    return [*found, "receipts", "keep_as"]
