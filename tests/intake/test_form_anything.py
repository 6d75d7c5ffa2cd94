"""Whatever is typed into the form: never a failure of ours, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.models import Notice
from fairnotice.plumbing import limits
from tests.intake.filling import fields_of, form

pytestmark = pytest.mark.usefixtures("fn_db")
_QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Surrogates cannot be sent in a form; NUL can. Line ends are compared elsewhere.
_TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=60)
_PLACES = _TYPED | st.sampled_from(
    [
        "https://forum.example.org/post/7",
        "https://[::1",
        "http://münchen.example.org:99999/",
        "\u202ehttps://a.example.org/",
    ]
)


@st.composite
def typed(draw: st.DrawFn) -> dict[str, str]:
    """A form in which any field may hold anything, or be missing."""
    data = form(*draw(st.lists(_PLACES, min_size=1, max_size=4)), notes=draw(st.lists(_TYPED, max_size=4)))
    for name in draw(
        st.sets(st.sampled_from([*data, "law", "clause", "name", "email", "staff_involved", "add", "remove"]))
    ):
        data[name] = draw(_TYPED)
    return data


@_QUICK
@given(data=typed())
def test_any_text_in_any_field_gets_an_answer_and_stays(client: Client, data: dict[str, str]) -> None:
    limits._full_again.clear()
    answer = client.post("/report/review/", data)
    assert answer.status_code in (200, 422)
    kept = fields_of(answer.content)
    if answer.status_code == 422:
        for name in ("why", "law", "name", "email"):
            # HTML cannot carry NUL; browsers, and some versions of this parser, put the replacement character.
            assert kept[name].replace("\x00", "\ufffd") == data.get(name, "").replace("\x00", "\ufffd")


@_QUICK
@given(data=typed(), token=_TYPED)
def test_any_text_can_be_sent_and_is_taken_or_refused(
    client: Client, data: dict[str, str], token: str
) -> None:
    limits._full_again.clear()
    before = Notice.objects.count()
    answer = client.post("/report/send/", {**data, "token": token})
    assert answer.status_code in (200, 422)
    assert Notice.objects.count() - before == (1 if answer.status_code == 200 else 0)


@_QUICK
@given(data=typed())
def test_any_text_survives_add_and_remove(client: Client, data: dict[str, str]) -> None:
    assert client.post("/report/", data).status_code == 200


@_QUICK
@given(
    data=st.dictionaries(_TYPED, _TYPED, max_size=6),
    path=st.sampled_from(["/report/", "/report/review/", "/report/send/"]),
)
def test_fields_that_nobody_knows_do_no_harm(client: Client, data: dict[str, str], path: str) -> None:
    limits._full_again.clear()
    assert client.post(path, data).status_code in (200, 422)


@_QUICK
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
    ),
)
def test_any_bytes_are_answered(client: Client, body: bytes, kind: str) -> None:
    limits._full_again.clear()
    assert client.post("/report/review/", body, content_type=kind).status_code in (200, 400, 422)
