"""Everything about a decision but its measures: ground, reasons, item, telling, public summary."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.models import Case
from fairnotice.cases.people import cases_to_rest_on
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries.public import current_rules
from fairnotice.law.enums import ACCOUNT_TYPES, CONTENT_TYPES, LANGUAGES, SOURCE_TYPES, TERRITORIES
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS, OTHER
from fairnotice.review import words
from fairnotice.review.forms.fields import Choice, Choices, Day, Words
from fairnotice.review.forms.reach import CHANNELS

MOST_ITEMS = 50


def _codes(table: str, codes: Any) -> list[tuple[str, str]]:
    return [(code, words.label(table, code)) for code in codes]


class DecisionForm(forms.Form):
    """The fields of `law.draft.Draft`, of `Reach`, and the summary, in the order in which a person thinks."""

    outcome = Choice(
        label=gettext_lazy("What do you decide?"),
        widget=forms.RadioSelect,
        choices=[
            ("measure", gettext_lazy("Something is done about the item (one or more measures)")),
            ("none", gettext_lazy("No action: the item stays as it is")),
        ],
    )
    account_type = Choice(label=gettext_lazy("Kind of account"), required=False)
    other_items = Words(
        label=gettext_lazy("Decided cases that a measure on an account rests on"),
        required=False,
        help_text=gettext_lazy(
            "Only for a measure on an account: their references, with a space between them."
        ),
    )
    ground = Choice(
        label=gettext_lazy("What do you rely on?"),
        widget=forms.RadioSelect,
        choices=[("law", gettext_lazy("A law")), ("rules", gettext_lazy("A clause of our published rules"))],
    )
    law = Words(
        label=gettext_lazy("The law and its section"),
        required=False,
        limit=500,
        help_text=gettext_lazy("Only with “a law”, for example: section 186 of the Criminal Code."),
    )
    clause = Choice(
        label=gettext_lazy("The clause"),
        required=False,
        help_text=gettext_lazy("Only with “a clause of our rules”."),
    )
    ground_url = Words(
        label=gettext_lazy("Where the text of the law can be read"),
        required=False,
        help_text=gettext_lazy("A complete web address."),
    )
    also_illegal = Choice(
        label=gettext_lazy("With a clause of our rules: is it illegal too?"),
        required=False,
        widget=forms.RadioSelect,
        initial="",
        choices=[
            ("", gettext_lazy("Not examined")),
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
        ],
    )
    facts = Words(
        label=gettext_lazy("The facts: what did you find?"),
        limit=5000,
        rows=6,
        help_text=gettext_lazy(
            "The affected party reads this; the notifier does not. Never say who sent a notice."
        ),
    )
    explanation = Words(
        label=gettext_lazy("Why do these facts fall under the law or clause?"),
        limit=2000,
        rows=6,
        help_text=gettext_lazy("Both sides read this."),
    )
    necessity = Words(
        label=gettext_lazy("Why is the measure necessary?"),
        limit=2000,
        rows=4,
        help_text=gettext_lazy("Not needed for “no action”."),
    )
    milder_considered = Words(
        label=gettext_lazy("Which milder measure did you consider, and why is it not enough?"),
        limit=2000,
        rows=4,
        help_text=gettext_lazy("Not needed for “no action”."),
    )
    paraphrase = Words(
        label=gettext_lazy("What was alleged, in your own words"),
        required=False,
        limit=2000,
        rows=4,
        help_text=gettext_lazy(
            "For the affected party, who can answer only what they may read. Do not quote."
        ),
    )
    paraphrase_withheld_reason = Words(
        label=gettext_lazy("Or: why telling it would endanger the notifier"),
        required=False,
        limit=500,
        rows=2,
    )
    content_types = Choices(
        label=gettext_lazy("What kind of content is it?"), widget=forms.CheckboxSelectMultiple
    )
    content_type_other = Words(
        label=gettext_lazy("Which other kind"),
        required=False,
        limit=500,
        help_text=gettext_lazy("Only with “other”."),
    )
    content_date = Day(label=gettext_lazy("On which day was it put there?"))
    content_language = Choice(label=gettext_lazy("Language of the content"), required=False)
    content_id_ean = Words(
        label=gettext_lazy("Product number (EAN-13)"),
        required=False,
        help_text=gettext_lazy("For a product."),
    )
    category = Choice(label=gettext_lazy("Category that the decision mainly relies on"))
    category_additions = Choices(
        label=gettext_lazy("Further categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keywords = Choices(label=gettext_lazy("Keywords"), required=False, widget=forms.CheckboxSelectMultiple)
    keyword_other = Words(label=gettext_lazy("Other keyword, in a few words"), required=False, limit=500)
    territorial_scope = Choices(
        label=gettext_lazy("Only in these states"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source_type = Choice(label=gettext_lazy("Where did the case come from?"))
    automated_detection = forms.BooleanField(
        label=gettext_lazy("The item was found with automated means"), required=False
    )
    automated_decision = Choice(
        label=gettext_lazy("Was the decision prepared by a program?"),
        widget=forms.RadioSelect,
        initial="AUTOMATED_DECISION_NOT_AUTOMATED",
        choices=[
            ("AUTOMATED_DECISION_NOT_AUTOMATED", gettext_lazy("No")),
            ("AUTOMATED_DECISION_PARTIALLY", gettext_lazy("Partly; a person decided")),
        ],
    )
    reach_channel = Choice(
        label=gettext_lazy("How is the affected party told?"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Not needed for “no action”; if an earlier measure ends with it, they are told as they were "
            "before. A measure takes effect when they have been told."
        ),
    )
    reach_email = Words(
        label=gettext_lazy("E-mail address of the affected party"),
        required=False,
        help_text=gettext_lazy("Only with “by e-mail”. Nobody can read it here afterwards."),
    )
    reach_reason = Words(
        label=gettext_lazy("Why nobody can be reached"),
        required=False,
        limit=500,
        rows=2,
        help_text=gettext_lazy("Only with “nobody can be reached”."),
    )
    summary = Words(
        label=gettext_lazy("Summary for the public register"),
        limit=1000,
        rows=3,
        help_text=gettext_lazy(
            "One or two sentences. It must not contain names, web addresses, account names or quotations. "
            "A second person reads it before it is published."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        self.actor, self.case = actor, case
        choose = ("", _("Choose from the list"))
        lists: dict[str, list[Any]] = {
            "account_type": [("", _("Not said")), *_codes("account", ACCOUNT_TYPES)],
            "clause": [choose, *_clauses()],
            "content_types": _codes("content", CONTENT_TYPES),
            "content_language": [("", _("No language, or unknown")), *_codes("language", LANGUAGES)],
            "category": [choose, *_codes("category", CATEGORIES)],
            "category_additions": _codes("category", CATEGORIES),
            "keywords": [(title, choices) for _code, title, choices in _keywords()],
            "territorial_scope": _codes("territory", TERRITORIES),
            "source_type": [choose, *_codes("source", SOURCE_TYPES)],
        }
        for name, choices in lists.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def keyword_groups(self) -> list[dict[str, Any]]:
        """The keywords by category for the page, since sixty in one list cannot be read: each group has a
        title, its choices, and whether it is open (one is chosen, or it belongs to the category chosen)."""
        bound = self["keywords"]
        chosen = set(bound.value() or [])
        category = str(self["category"].value() or "")
        ids = {str(widget.data["value"]): widget.id_for_label for widget in bound.subwidgets}
        return [
            {
                "title": title,
                "open": code == category or any(one in chosen for one, _label in choices),
                "choices": [(ids[one], one, label, one in chosen) for one, label in choices],
            }
            for code, title, choices in _keywords()
        ]

    def clean_other_items(self) -> list[str]:
        """References of decided cases that this person may see; so nothing else can get into the record."""
        refs = re.split(r"[\s,;]+", self.cleaned_data["other_items"].strip().upper())
        wanted = [ref for ref in refs if ref]
        if len(wanted) > MOST_ITEMS:
            raise forms.ValidationError(_("At most fifty cases fit here."))
        stands = cases_to_rest_on(self.actor, self.case).filter(ref__in=wanted)
        known = set(stands.values_list("ref", flat=True))
        if set(wanted) - known:
            raise forms.ValidationError(
                _("Not a decided case that a measure can rest on: %(refs)s")
                % {"refs": ", ".join(sorted(set(wanted) - known))[:200]}
            )
        return wanted


def _clauses() -> list[tuple[str, str]]:
    rules = current_rules()
    return [(f"{rules.number}/{c.reference}", str(c)) for c in rules.clauses.all()] if rules else []


def _keywords() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(category, its title, its keywords); "other", which belongs to all of them, once at the end."""
    groups = [
        (
            category,
            words.label("category", category),
            [(code, words.keyword(code)) for code in group if code != OTHER],
        )
        for category, group in KEYWORDS.items()
        if set(group) - {OTHER}
    ]
    return [*groups, ("", _("Any category"), [(OTHER, words.keyword(OTHER))])]
