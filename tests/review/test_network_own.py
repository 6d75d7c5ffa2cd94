"""The overview of the operator's own network, its self-check, their files, and the page to print."""

from __future__ import annotations

import csv
import io

import pytest

from fairnotice.answerable.models import Contact, Organisation
from tests.answerable.register import contact, hold, plant, planted_organisation, provider
from tests.review.reading import text

NETWORK, CHECK = "/desk/network/", "/desk/network/check/"
FILES = (f"{NETWORK}network.csv", f"{CHECK}check.csv")


@pytest.fixture
def ours(fn_db, settings):
    settings.FN_OWN_ORGANISATION = "OWN-1"
    provider()


def rows(answer) -> list[dict[str, str]]:
    assert (
        answer["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in answer["Content-Disposition"]
    )
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_overview_shows_ours_on_a_day(browser, ours):
    hold("198.51.100.32/27", "SHARED-1", giver="OWN-1", kind="lease", shared=True)
    reader = browser("auditor")
    page = text(reader.get(NETWORK))
    assert "Example Provider" in page and "256 addresses" in page and "128 addresses" in page
    assert "4,294,967,296 networks of /64" in page
    assert "2 resources of ours have no contact" in page and "2 resources are held by somebody" in page
    assert "198.51.100.32/27" in page and "marked as shared" in page
    assert "203.0.113" not in page and "FOREIGN-1" not in page
    assert "198.51.100.0/26" not in page, "what a lessee passed on is theirs"
    earlier = text(reader.get(NETWORK, {"at": "2020-06-01"}))
    assert "as it was on" in earlier and "198.51.100.0/25" not in earlier and "198.51.100.0/24" in earlier
    assert "Nothing is recorded that we held" in text(reader.get(NETWORK, {"at": "2019-06-01"}))
    assert reader.get(NETWORK, {"at": "x", "page": "y"}).status_code == 200


def test_the_file_holds_ours_and_runs_nothing(browser, ours):
    plant("192.0.2.0/24", "OWN-1", since="2020-02-01")
    planted_organisation("EVIL-1")
    from fairnotice.answerable.actions.organisations import rename_organisation

    evil = Organisation.objects.get(handle="EVIL-1")
    seen = evil.versions.get()
    rename_organisation(actor_id=None, handle="EVIL-1", version=seen.pk, name='=HYPERLINK("x")')
    hold("192.0.2.0/25", "EVIL-1", giver="OWN-1", kind="lease", since="2021-01-01")
    contact("EVIL-1", "abuse@evil.example")
    found = rows(browser("auditor").get(FILES[0]))
    assert [(row["side"], row["resource"], row["abuse_contact"]) for row in found] == [
        ("held", "192.0.2.0/24", "no"),
        ("held", "198.51.100.0/24", "no"),
        ("held", "2001:db8::/32", "no"),
        ("passed-on", "192.0.2.0/25", "yes"),
        ("passed-on", "198.51.100.0/25", "no"),
    ]
    assert found[3]["to_name"] == '\'=HYPERLINK("x")'
    assert len(rows(browser("auditor").get(FILES[0], {"at": "2020-01-15"}))) == 2


def test_the_self_check_says_what_to_do_and_leads_there(browser, ours):
    contact("OWN-1", "abuse@own.example")
    reader = browser("auditor")
    page = text(reader.get(CHECK))
    own = Organisation.objects.get(handle="OWN-1")
    assert "1 thing to mend" in page and "1 to look at" in page
    assert "Our contact was never confirmed" in page and f"/desk/network/organisation/{own.pk}/" in page
    lease = rows(reader.get(FILES[1]))[1]
    holder = Organisation.objects.get(handle="LEASE-1")
    assert lease["finding"] == "holder-silent" and f"/desk/network/organisation/{holder.pk}/" in page
    assert "Nothing ends within 30 days." in page
    assert reader.get(f"/desk/network/delegation/{lease['delegation']}/").status_code == 200
    mark = f"/desk/network/contact/{Contact.objects.get(organisation=own).pk}/mark/"
    assert browser("admin").post(mark, {"works": "yes"}).status_code == 302
    assert "0 things to mend" in text(reader.get(CHECK))
    report = text(reader.get(f"{CHECK}report/"))
    assert "We hold 2 resources" in report and "198.51.100.0/25" in report


@pytest.mark.parametrize(
    ("handle", "words"),
    [("", "own_organisation ="), ("NOT-LISTED", "Your own organisation is not listed yet")],
)
def test_without_an_organisation_of_ours_it_says_how_to_name_it(browser, ours, settings, handle, words):
    settings.FN_OWN_ORGANISATION = handle
    for path in (NETWORK, CHECK, f"{CHECK}report/"):
        page = text(browser("admin").get(path))
        assert words in page and "198.51.100" not in page
    for path in FILES:
        assert rows(browser("admin").get(path)) == []
