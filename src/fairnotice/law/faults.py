"""What can be amiss in the draft of a decision, each said once in plain words.

The sentences are fixed, without numbers put in, so that each can be translated as it stands.
"""

from dataclasses import dataclass

MESSAGES: dict[str, str] = {
    # measures
    "measure_missing": "Please choose at least one measure, or “no action”.",
    "measure_unknown": "This measure does not exist. Please choose one from the list.",
    "measure_twice": "This measure is already there. Please keep it once.",
    "measure_family": "Only one measure of this kind fits into one decision. Please keep one of them.",
    "no_action_alone": "“No action” cannot stand beside a measure. Please keep one or the other.",
    "no_action_dates": "“No action” has no end and no review date. Please leave both empty.",
    "measure_text": "Please say what this measure is.",
    "start_missing": "Please say from which day the measure is to take effect.",
    "end_missing": "Please give an end date or a review date. No measure runs on unwatched.",
    "end_before_start": "The end is before the start. Please check both dates.",
    "end_past": "The end is already past. Please choose a later day.",
    "review_before_start": "The review date is before the start. Please check both dates.",
    "review_past": "The review date is already past. Please choose a later day.",
    "review_after_end": "The review date is after the end. Please choose a day before it.",
    "how_to_reverse_missing": "Please say how this can be undone or, where it cannot, what can be made good.",
    "other_items_missing": "A measure on an account rests on decided items. Please list their cases.",
    "other_items_blank": "One of the listed cases is empty. Please fill it in or take it out.",
    "other_items_twice": "A case is listed twice. Please keep it once.",
    "account_type_unknown": "Please choose business, private or nothing.",
    # ground and reasons
    "ground_missing": "Please say whether you rely on a law or on a clause of the published rules.",
    "ground_reference_missing": "Please name the law and its section, or the clause of the rules.",
    "ground_url": "This is not a complete web address. It should begin with https:// or http://.",
    "explanation_missing": "Please explain why the facts fall under this law or clause.",
    "facts_missing": "Please say what you found: the facts that the decision rests on.",
    "necessity_missing": "Please say why this measure is necessary.",
    "milder_missing": "Please say which milder measure you considered and why it is not enough.",
    "paraphrase_missing": (
        "Please say in your own words what was alleged, or why telling it would endanger the notifier."
    ),
    "paraphrase_both": "Please either say what was alleged or why it is withheld, not both.",
    # the item
    "content_type_missing": "Please say what kind of content it is.",
    "content_type_unknown": "This kind of content does not exist. Please choose from the list.",
    "content_type_twice": "The same kind of content is chosen twice. Please keep it once.",
    "content_type_text": "Please say what other kind of content it is.",
    "ean": "This is no product number (EAN-13): the digits do not add up.",
    "category_missing": "Please choose the category that the decision mainly relies on.",
    "category_unknown": "This category does not exist. Please choose from the list.",
    "addition_unknown": "This further category does not exist. Please choose from the list.",
    "addition_twice": "A category is chosen twice. Please keep it once.",
    "keyword_unknown": "This keyword does not exist. Please choose from the list.",
    "keyword_twice": "A keyword is chosen twice. Please keep it once.",
    "keyword_elsewhere": "This keyword belongs to a category that you did not choose.",
    "keyword_text": "Please say in a few words what kind of problem it is, as no keyword fits.",
    "territory_unknown": "This state is not on the list of the European Economic Area.",
    "language_unknown": "This language is not on the list.",
    "content_date_missing": "Please say on which day the content was put there.",
    "content_date_future": "The day of the content is still to come. Please check it.",
    "content_date_after_start": "The content would be younger than the measure. Please check both dates.",
    # where it came from
    "source_missing": "Please say where the case came from.",
    "source_unknown": "This source does not exist. Please choose from the list.",
    "automation_unknown": "Please say how far the decision was automated.",
    "automation_full": "Here a person decides. A fully automated decision cannot be recorded.",
    # limits
    "date_range": "This date is too early or too late to be recorded. Please check the year.",
    "too_long_500": "Please shorten this to 500 characters.",
    "too_long_2000": "Please shorten this to 2000 characters.",
    "too_long_5000": "Please shorten this to 5000 characters.",
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
