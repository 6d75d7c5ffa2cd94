"""What can be amiss in the draft of a decision, each said once in plain words.

The sentences are fixed, without numbers put in, so that each can be translated as it stands.
"""

from dataclasses import dataclass

from fairnotice.law.words import gettext_noop

MESSAGES: dict[str, str] = {
    # measures
    "measure_missing": gettext_noop("Please choose at least one measure, or “no action”."),
    "measure_unknown": gettext_noop("This measure does not exist. Please choose one from the list."),
    "measure_twice": gettext_noop("This measure is already there. Please keep it once."),
    "measure_family": gettext_noop(
        "Only one measure of this kind fits into one decision. Please keep one of them."
    ),
    "no_action_alone": gettext_noop(
        "“No action” cannot stand beside a measure. Please keep one or the other."
    ),
    "no_action_dates": gettext_noop("“No action” has no end and no review date. Please leave both empty."),
    "measure_text": gettext_noop("Please say what this measure is."),
    "start_missing": gettext_noop("Please say from which day the measure is to take effect."),
    "end_missing": gettext_noop("Please give an end date or a review date. No measure runs on unwatched."),
    "end_before_start": gettext_noop("The end is before the start. Please check both dates."),
    "end_past": gettext_noop("The end is already past. Please choose a later day."),
    "review_before_start": gettext_noop("The review date is before the start. Please check both dates."),
    "review_past": gettext_noop("The review date is already past. Please choose a later day."),
    "review_after_end": gettext_noop("The review date is after the end. Please choose a day before it."),
    "how_to_reverse_missing": gettext_noop(
        "Please say how this can be undone or, where it cannot, what can be made good."
    ),
    "other_items_missing": gettext_noop(
        "A measure on an account rests on decided items. Please list their cases."
    ),
    "other_items_blank": gettext_noop("One of the listed cases is empty. Please fill it in or take it out."),
    "other_items_twice": gettext_noop("A case is listed twice. Please keep it once."),
    "account_type_unknown": gettext_noop("Please choose business, private or nothing."),
    # ground and reasons
    "ground_missing": gettext_noop(
        "Please say whether you rely on a law or on a clause of the published rules."
    ),
    "ground_reference_missing": gettext_noop(
        "Please name the law and its section, or the clause of the rules."
    ),
    "ground_url": gettext_noop(
        "This is not a complete web address. It should begin with https:// or http://."
    ),
    "explanation_missing": gettext_noop("Please explain why the facts fall under this law or clause."),
    "facts_missing": gettext_noop("Please say what you found: the facts that the decision rests on."),
    "necessity_missing": gettext_noop("Please say why this measure is necessary."),
    "milder_missing": gettext_noop(
        "Please say which milder measure you considered and why it is not enough."
    ),
    "paraphrase_missing": gettext_noop(
        "Please say in your own words what was alleged, or why telling it would endanger the notifier."
    ),
    "paraphrase_both": gettext_noop("Please either say what was alleged or why it is withheld, not both."),
    # the item
    "content_type_missing": gettext_noop("Please say what kind of content it is."),
    "content_type_unknown": gettext_noop("This kind of content does not exist. Please choose from the list."),
    "content_type_twice": gettext_noop("The same kind of content is chosen twice. Please keep it once."),
    "content_type_text": gettext_noop("Please say what other kind of content it is."),
    "ean": gettext_noop("This is no product number (EAN-13): the digits do not add up."),
    "category_missing": gettext_noop("Please choose the category that the decision mainly relies on."),
    "category_unknown": gettext_noop("This category does not exist. Please choose from the list."),
    "addition_unknown": gettext_noop("This further category does not exist. Please choose from the list."),
    "addition_twice": gettext_noop("A category is chosen twice. Please keep it once."),
    "keyword_unknown": gettext_noop("This keyword does not exist. Please choose from the list."),
    "keyword_twice": gettext_noop("A keyword is chosen twice. Please keep it once."),
    "keyword_elsewhere": gettext_noop("This keyword belongs to a category that you did not choose."),
    "keyword_text": gettext_noop("Please say in a few words what kind of problem it is, as no keyword fits."),
    "territory_unknown": gettext_noop("This state is not on the list of the European Economic Area."),
    "language_unknown": gettext_noop("This language is not on the list."),
    "content_date_missing": gettext_noop("Please say on which day the content was put there."),
    "content_date_future": gettext_noop("The day of the content is still to come. Please check it."),
    "content_date_after_start": gettext_noop(
        "The content would be younger than the measure. Please check both dates."
    ),
    # where it came from
    "source_missing": gettext_noop("Please say where the case came from."),
    "source_unknown": gettext_noop("This source does not exist. Please choose from the list."),
    "automation_unknown": gettext_noop("Please say how far the decision was automated."),
    "automation_full": gettext_noop("Here a person decides. A fully automated decision cannot be recorded."),
    # limits
    "date_range": gettext_noop("This date is too early or too late to be recorded. Please check the year."),
    "too_long_500": gettext_noop("Please shorten this to 500 characters."),
    "too_long_2000": gettext_noop("Please shorten this to 2000 characters."),
    "too_long_5000": gettext_noop("Please shorten this to 5000 characters."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing amiss: `path` names the field ("facts", "measures.0.end"), `code` is a key of MESSAGES."""

    path: str
    code: str
    message: str


def fault(path: str, code: str) -> Fault:
    """The fault with its sentence. Raises KeyError for a code without one."""
    return Fault(path, code, MESSAGES[code])
