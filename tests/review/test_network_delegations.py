"""Recording, giving back, correcting and taking back delegations at the desk, and their history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from fairnotice.answerable.actions import recording
from fairnotice.answerable.models import Delegation
from tests.answerable.register import example_host, hold, organisation, provider
from tests.cases import making
from tests.review.reading import text

ADD, RESOURCE = "/desk/network/delegation/add/", "/desk/network/resource/"
LEASE = {
    "kind": "lease", "resource": "198.51.100.128/25", "from_handle": "OWN-1", "holder": "LEASE-1",
    "valid_from": "2024-01-01", "valid_until": "", "visibility": "private", "answer_hours": "",
}  # fmt: skip
TERMS = {"valid_from": "2021-01-01", "valid_until": "", "visibility": "private", "answer_hours": ""}


@pytest.fixture
def network(fn_db, settings):
    settings.FN_OWN_ORGANISATION = "OWN-1"
    provider()


def row(resource: str = "198.51.100.0/25") -> Delegation:
    from fairnotice.answerable.resources import parse_resource
    from fairnotice.answerable.rows import columns_of

    where = {f"resource__{name}": value for name, value in columns_of(parse_resource(resource)).items()}
    return Delegation.objects.get(recorded_until=None, **where)


def page_of(one: Delegation) -> str:
    return f"/desk/network/delegation/{one.series:016x}/"


def test_a_lease_is_recorded_and_what_is_wrong_is_said_at_the_field(browser, network):
    admin = browser("admin")
    assert '<option value="LEASE-1" label="Example Lessee">' in text(admin.get(ADD))
    for changed, field in (
        ({"resource": "198.51.100.1/24"}, "resource"),
        ({"resource": ""}, "resource"),
        ({"holder": "NOBODY"}, "holder"),
        ({"holder": ""}, "holder"),
        ({"from_handle": "FOREIGN-1"}, "from_handle"),
        ({"from_handle": "NOBODY"}, "from_handle"),
        ({"kind": "registrar"}, "kind"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_until": "2023-12-31"}, "valid_until"),
        ({"answer_hours": "9000"}, "answer_hours"),
        ({"answer_hours": "x"}, "answer_hours"),
        ({"visibility": "x"}, "visibility"),
    ):
        answer = admin.post(ADD, {**LEASE, **changed})
        assert answer.status_code == 422, changed
        assert f'href="#id_{field}"' in text(answer), changed
        for name, value in {**LEASE, **changed}.items():
            if name in ("resource", "from_handle", "holder", "valid_from") and value:
                assert f'value="{value}"' in text(answer), (changed, name)
    overlap = text(admin.post(ADD, {**LEASE, "resource": "198.51.100.64/26", "holder": "FOREIGN-1"}))
    assert "What stands in the way" in overlap and page_of(row()) in overlap
    assert Delegation.objects.count() == 5
    shown = text(admin.post(ADD, LEASE, follow=True))
    assert "The delegation is recorded." in shown and "198.51.100.128/25" in shown
    assert shown.count("<svg") == 1 and "chart-private" in shown and " style=" not in shown
    assert (
        shown.index("Example Registry") < shown.index(">Example Provider<") < shown.index(">Example Lessee<")
    )


def test_giving_back_lists_first_what_ends_with_it(browser, network):
    admin, lease, sub = browser("admin"), row(), row("198.51.100.0/26")
    where = f"{page_of(lease)}give-back/"
    today = timezone.localdate().isoformat()
    sent = {"step": "preview", "version": lease.pk, "on": today}
    assert "198.51.100.0/26" in text(admin.get(where))
    alone = admin.post(where, sent)
    assert alone.status_code == 422 and 'href="#id_with_below"' in text(alone) and page_of(sub) in text(alone)
    for day, words in (("", "first day"), ("2020-01-01", "after it began"), ("x", "no day")):
        wrong = admin.post(where, {**sent, "on": day})
        assert wrong.status_code == 422 and words in text(wrong) and 'href="#id_on"' in text(wrong)
    looked = text(admin.post(where, {**sent, "with_below": "on"}))
    assert (
        "What will change" in looked
        and "1 delegation below it ends" in looked
        and "198.51.100.0/26" in looked
    )
    assert Delegation.objects.count() == 5, "looking changes nothing"
    assert f'value="{today}"' in text(admin.post(where, {**sent, "step": "edit", "with_below": "on"}))
    write = {**sent, "step": "write", "with_below": "on"}
    done = text(admin.post(where, write, follow=True))
    assert "Recorded: it went back to its giver." in done and "It has ended" in done
    assert {row().valid_until, row("198.51.100.0/26").valid_until} == {timezone.localdate()}
    again = admin.post(where, write)
    assert again.status_code == 409 and "Somebody else was faster" in text(again)
    assert "no end is known →" in text(admin.get(page_of(lease)))


def test_a_correction_is_looked_at_before_it_is_written(browser, network):
    admin, lease = browser("admin"), row()
    where = f"{page_of(lease)}correct/"
    sent = {**TERMS, "step": "preview", "version": lease.pk}
    assert 'value="2021-01-01"' in text(admin.get(where))
    assert "Nothing was changed." in text(admin.post(where, sent))
    below = admin.post(where, {**sent, "valid_from": "2023-01-01"})
    assert below.status_code == 422 and page_of(row("198.51.100.0/26")) in text(below)
    early = admin.post(where, {**sent, "valid_from": "2019-01-01", "visibility": "public"})
    assert early.status_code == 422 and 'value="2019-01-01"' in text(early)
    assert 'href="#id_valid_until"' in text(admin.post(where, {**sent, "valid_until": "2020-05-01"}))
    new = {**sent, "valid_from": "2020-06-01", "visibility": "public", "shared": "on", "answer_hours": "24"}
    looked = text(admin.post(where, new))
    assert "1 January 2021" in looked and "1 June 2020" in looked and "24 hours" in looked
    assert 'name="shared" value="True"' in looked and Delegation.objects.count() == 5
    assert "Corrected." in text(admin.post(where, {**new, "step": "write"}, follow=True))
    now = row()
    assert (now.visibility, now.shared, now.answer_hours) == ("public", True, 24)
    assert admin.post(where, {**new, "step": "write", "valid_from": "2020-07-01"}).status_code == 409
    assert Delegation.objects.filter(series=lease.series).count() == 2


def test_what_was_recorded_in_error_is_taken_back(browser, network):
    admin, lease, sub = browser("admin"), row(), row("198.51.100.0/26")
    refused = f"{page_of(lease)}retract/"
    assert "cannot be taken back yet" in text(admin.get(refused))
    assert admin.post(refused, {"step": "write", "version": lease.pk}).status_code == 422
    where = f"{page_of(sub)}retract/"
    assert "never was so" in text(admin.get(where))
    assert admin.post(where, {"step": "write", "version": lease.pk}).status_code == 409
    done = text(admin.post(where, {"step": "write", "version": sub.pk}, follow=True))
    assert "This was taken back" in done and "first recorded" in done and "Correct it" not in done
    for act in ("give-back", "correct", "retract"):
        assert admin.get(f"{page_of(sub)}{act}/").status_code == 409


def test_others_read_and_cannot_write(browser, network):
    reader, lease = browser("auditor"), row()
    page = text(reader.get(page_of(lease)))
    assert "Example Lessee" in page and "give-back" not in page and "Correct it" not in page
    for act in ("give-back", "correct", "retract"):
        assert (
            reader.post(f"{page_of(lease)}{act}/", {"step": "write", "version": lease.pk}).status_code == 403
        )
    assert reader.post(ADD, LEASE).status_code == 403


@pytest.mark.parametrize("ref", ["0" * 16, "f" * 16, "x", "7" + "f" * 15])
def test_what_is_not_there_is_not_found(browser, people, ref):
    for act in ("", "give-back/", "correct/", "retract/"):
        assert browser("admin").get(f"/desk/network/delegation/{ref}/{act}").status_code == 404


def test_what_was_known_when(browser, fn_db, monkeypatch):
    """Recorded on 10 January, given back (as of February) on 10 March; on 15 February nobody here knew that."""

    def on(month: int) -> None:
        moment = datetime(2025, month, 10, 12, tzinfo=UTC)
        monkeypatch.setattr(recording, "timezone", SimpleNamespace(now=lambda: moment))

    on(1)
    organisation("OWN-1", "Example Provider")
    organisation("LEASE-1", "Example Lessee")
    hold("198.51.100.0/24", "OWN-1")
    lease = hold("198.51.100.0/25", "LEASE-1", giver="OWN-1", kind="lease", since="2025-01-01", public=False)
    on(3)
    sent = {"step": "write", "version": lease.pk, "on": "2025-02-01"}
    assert browser("admin").post(f"{page_of(lease)}give-back/", sent).status_code == 302

    holder = browser("holder")
    asked = {"location": "198.51.100.7", "at": "2025-02-15"}
    assert "Example Lessee" not in text(holder.post("/desk/lookup/", asked))
    assert "Example Lessee" in text(holder.post("/desk/lookup/", {**asked, "known_on": "2025-02-15"}))
    known = text(holder.post("/desk/lookup/", {**asked, "at": "2025-01-15"}))
    assert "Example Lessee" in known and page_of(lease) in known
    early = text(holder.post("/desk/lookup/", {**asked, "known_on": "2025-01-09"}))
    assert "No organisation is recorded here" in early

    reader, asked = browser("auditor"), {"resource": "198.51.100.0/25", "at": "2025-02-15"}
    now = text(reader.get(RESOURCE, asked)).split('id="answer"')[1]
    assert (
        "Example Lessee" in now.split("Delegations of")[1]
        and "Example Lessee" not in now.split("Delegations of")[0]
    )
    assert (
        "Example Lessee"
        in text(reader.get(RESOURCE, {**asked, "known_on": "2025-02-15"})).split("Delegations of")[0]
    )

    page = page_of(lease)
    assert (
        "no end is known" in text(reader.get(page, {"known_on": "2025-03-09"})).split("What was said when")[0]
    )
    assert (
        "1 February 2025" in text(reader.get(page, {"known_on": "2025-03-10"})).split("What was said when")[0]
    )
    assert "did not know of it yet" in text(reader.get(page, {"known_on": "2025-01-09"}))


@pytest.mark.parametrize(
    "sent", [{"resource": ""}, {"resource": "https://example.org/"}, {"resource": "example.org", "at": "x"}]
)
def test_what_is_no_resource_is_said_at_the_field(browser, sent):
    answer = browser("auditor").get(RESOURCE, sent)
    assert answer.status_code == 422 and 'href="#id_' in text(answer)


def test_a_resource_of_which_nothing_is_recorded(browser, people):
    page = text(
        browser("admin").get(
            RESOURCE,
            {"resource": "AS64496", "known_on": (timezone.localdate() - timedelta(days=1)).isoformat()},
        )
    )
    assert "No organisation is recorded here" in page and "?resource=AS64496" in page
    assert 'value="AS64496"' in text(browser("admin").get(ADD, {"resource": "AS64496"}))


def test_the_chain_of_a_case_is_drawn_for_those_who_see_it(browser, people):
    example_host()
    case = making.case_of(making.notice("https://forum.example.org/post/7"))
    page = text(browser("holder").get(f"/desk/case/{case.ref}/"))
    assert 'aria-labelledby="chain-1-title"' in page and "write to: abuse@host.example" in page
    assert "<svg" not in text(browser("auditor").get(f"/desk/case/{case.ref}/"))
