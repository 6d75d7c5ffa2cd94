"""Fields, summaries, badges, dates and codes as they stand in a page, whatever people typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import TemplateSyntaxError, engines
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.law.states import TABLES
from fairnotice.site.badges import BADGES
from fairnotice.vault.codes import new_code, normalise
from tests.site.looks_pages import GuideForm, ItemFormSet


def render(source: str, **context: object) -> str:
    return str(engines["django"].from_string("{% load fairnotice %}" + source).render(context))


def test_field_joins_label_hint_and_error_to_the_control() -> None:
    html = render("{% field form.email autocomplete='email' %}", form=GuideForm({"email": "not one"}))
    assert '<label for="id_email">E-mail <span class="optional">(optional)</span></label>' in html
    assert 'id="id_email-hint"' in html
    assert 'id="id_email-error"' in html
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="email"' in html
    assert html.count("autocomplete") == 1


def test_field_without_hint_or_error_points_at_nothing() -> None:
    html = render("{% field form.language %}", form=GuideForm())
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_browsers_are_not_asked_to_remember_what_was_reported() -> None:
    assert 'autocomplete="off"' in render("{% field form.reason %}", form=GuideForm())


@pytest.mark.parametrize("name", ["problem", "scope"])
def test_choices_are_a_fieldset_whose_every_control_has_a_label(name: str) -> None:
    form = GuideForm({})
    html = render("{% field form." + name + " %}", form=form)
    assert f'<fieldset class="field card{" has-error" if name == "problem" else ""}" id="id_{name}"' in html
    for number in range(2):
        assert f'id="id_{name}_{number}"' in html
        assert f'for="id_{name}_{number}"' in html


def test_a_misspelt_field_is_noticed_at_once() -> None:
    with pytest.raises(TemplateSyntaxError):
        render("{% field form.emial %}", form=GuideForm())


def test_what_was_typed_survives_and_is_never_markup() -> None:
    typed = '"><script>alert(1)</script>'
    html = render(
        "{% error_summary form %}{% field form.reason %}{% field form.email %}",
        form=GuideForm({"reason": typed, "email": typed}),
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_summary_names_every_fault_and_leads_to_its_field() -> None:
    form = GuideForm({"reason": ""})
    items = ItemFormSet(
        {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-note": "n"}, prefix="items"
    )
    form.add_error(None, "Please send a second notice.")
    html = render("{% error_summary form items %}", form=form, items=items)
    assert '<a href="#id_reason">Why is it illegal? – This field is required.</a>' in html
    assert '<a href="#id_items-0-location">Item 1, Exact location – This field is required.</a>' in html
    assert "<li>Please send a second notice.</li>" in html


def test_a_form_nobody_sent_yet_has_no_summary() -> None:
    assert render("{% error_summary form items %}", form=GuideForm(), items=ItemFormSet()).strip() == ""


def test_every_state_has_its_own_words() -> None:
    states = {state for table in TABLES.values() for state in table}
    assert states <= BADGES.keys()
    words = [str(label) for label, _tone in BADGES.values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("state", ["in_force", "in force", "in-force", "In force"])
def test_badge_reads_a_state_in_any_spelling(state: str) -> None:
    assert render("{% badge state %}", state=state) == '<span class="badge done">In force</span>'


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_badge_of_anything_is_one_escaped_word(state: str) -> None:
    html = render("{% badge state %}", state=state)
    inner = html.removeprefix('<span class="badge ').removesuffix("</span>")
    assert inner.count("<") == 0
    assert inner.count(">") == 1


def test_moments_and_days_in_words() -> None:
    moment = dt.datetime(2026, 3, 4, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    html = render("{{ moment|when }}", moment=moment)
    assert html == '<time datetime="2026-03-04T14:30:00+00:00">4 March 2026, 14:30 UTC</time>'
    html = render("{{ day|when }}", day=dt.date(2026, 3, 4))
    assert html == '<time datetime="2026-03-04">4 March 2026</time>'
    assert render("{{ nothing|when }}", nothing=None) == ""


def test_a_code_in_groups_is_still_the_same_code() -> None:
    code = new_code()
    shown = render("{{ code|code_groups }}", code=code)
    assert shown != code
    assert normalise(shown) == code


def test_reported_addresses_cannot_be_opened_by_a_slip() -> None:
    html = render("{{ url|defang }}", url="https://shop.example.org/<b>?a=1")
    assert "https://" not in html
    assert "example.org" not in html
    assert "<b>" not in html


def test_steps_say_in_words_what_is_done_now_and_next() -> None:
    steps = [{"label": "A", "state": s} for s in ("done", "current", "next")]
    html = render('{% include "includes/steps.html" %}', steps=steps)
    assert [html.index(word) for word in ("Done", "Now", "Next")] == sorted(
        html.index(word) for word in ("Done", "Now", "Next")
    )
    assert html.count('aria-current="step"') == 1
