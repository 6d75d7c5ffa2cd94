"""What a report says by itself where nobody wrote a note: how this program counts. In English, as the
templates are."""

from __future__ import annotations

from fairnotice.harmonised.categories import TOTAL
from fairnotice.law.taxonomy import NOT_SPECIFIED, OTHER

#: Beside each KEYWORD_OTHER, until somebody describes it better.
OTHER_DESCRIPTION = "Not captured by any other sub-category, or no sub-category was stated"
_NO_REGISTER = "Entered by hand: none was recorded for this period."

#: Place -> text.
NOTES: dict[str, str] = {
    f"3:{TOTAL}:note_act": (
        "Orders are not recorded in this system yet, therefore the figures of this part are left empty. No "
        "block for a single Member State is given, since no order is recorded."
    ),
    f"4:{TOTAL}:note_notices": (
        "Each notice counts once, on receipt, under the category and sub-category stated in it; where none "
        "was stated, "
        f"under {OTHER}, so that sub-categories add up to their category. A notice that alleged only a "
        f"breach of the "
        f"service's own rules counts under {NOT_SPECIFIED}. Later withdrawals do not change the count."
    ),
    f"4:{TOTAL}:note_items": "Each exact location named in a notice counts once for that notice.",
    f"4:{TOTAL}:note_median": (
        "Hours from receipt of the first notice about the item until the measure took effect, over the "
        "actions counted in this row; notices without action are left out."
    ),
    f"4:{TOTAL}:note_law": (
        "Measures that took effect in the period, under the category of the first notice about the item. "
        "Measures reversed later stay counted; reversals are in part 7."
    ),
    f"5:{TOTAL}:note_measures": (
        "Measures that neither an order nor a notice under Article 16 preceded. Content is not searched for "
        "by this system; these follow other notifications, or what somebody on the staff saw."
    ),
    f"6:{TOTAL}:note_measures": (
        "Measures that neither an order nor a notice under Article 16 preceded. Content is not searched for "
        "by this system; these follow other notifications, or what somebody on the staff saw."
    ),
    "7:complaints.total:note_value": (
        "Counted on receipt; outcomes are counted on the day of the answer, so that those of one period need "
        "not add up to the complaints received in it. A complaint about several measures counts as one kind, "
        "the farthest-reaching. Notifiers' complaints include those against a measure they found too mild."
    ),
    "7:complaints.omitted:note_value": "Complaints taken back before an answer.",
    "7:disputes.total:note_value": _NO_REGISTER,
    "7:suspended_content.total:note_value": _NO_REGISTER,
    "7:suspended_notices.total:note_value": _NO_REGISTER,
    "7:suspended_complaints.total:note_value": _NO_REGISTER,
    "8:total.not:note_value": "A person decides every case. Decisions that were automated in part count in "
    "neither row.",
    "8:notices.not:note_value": "Every notice is dealt with by a person.",
}
