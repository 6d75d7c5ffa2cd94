"""Organisations and their contacts at the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.answerable.models import Contact, ContactMark, Organisation, OrganisationVersion
from fairnotice.ledger.models import Event
from tests.answerable.register import contact, organisation, planted_organisation
from tests.review.reading import text

LIST, ADD = "/desk/network/organisations/", "/desk/network/organisations/add/"
FACTS = {"handle": "ORG-1", "called": "Example Host", "country": "de", "url": "", "basis": "agreed"}


def page_of(one: Organisation) -> str:
    return f"/desk/network/organisation/{one.pk}/"


def test_an_organisation_is_listed_and_keeps_its_past(browser):
    admin = browser("admin")
    wrong = admin.post(ADD, {**FACTS, "handle": "-", "country": "Germany"})
    page = text(wrong)
    assert wrong.status_code == 422 and Organisation.objects.count() == 0
    assert 'href="#id_handle"' in page and 'href="#id_country"' in page and 'value="Germany"' in page
    assert 'value="Example Host"' in page
    listed = admin.post(ADD, FACTS, follow=True)
    one = Organisation.objects.get()
    assert listed.redirect_chain[-1][0] == page_of(one) and "Example Host" in text(listed)
    assert 'href="#id_handle"' in text(admin.post(ADD, FACTS)), "the handle is taken"

    seen = OrganisationVersion.objects.get()
    renamed = {
        "called": "Example Host SE",
        "country": "DE",
        "url": "https://host.example",
        "version": seen.pk,
    }
    assert "Example Host SE" in text(admin.post(f"{page_of(one)}rename/", renamed, follow=True))
    assert [row.name for row in one.versions.order_by("pk")] == ["Example Host", "Example Host SE"]
    # Somebody who still looks at the first page changes nothing, and loses nothing.
    late = admin.post(f"{page_of(one)}rename/", {**renamed, "called": "Typed meanwhile"})
    assert late.status_code == 409 and 'value="Typed meanwhile"' in text(late)
    assert "This was not done" in text(late) and one.versions.count() == 2
    now = OrganisationVersion.objects.get(recorded_until=None)
    assert f'name="version" value="{now.pk}"' in text(late)
    same = admin.post(f"{page_of(one)}rename/", {**renamed, "version": now.pk})
    assert same.status_code == 422 and 'href="#id_facts_called"' in text(same)

    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    then = text(admin.get(page_of(one), {"known_on": yesterday}))
    assert "This organisation was not listed then" in then and "Say anew" not in then
    assert Event.objects.filter(kind__startswith="answerable.organisation").count() == 2


def test_contacts_are_added_marked_and_ended(browser):
    one = planted_organisation("ORG-1")
    admin, page = browser("admin"), page_of(one)
    sent = {"role": "abuse", "channel": "mail", "where": "no address", "resource": "192.0.2.1/24"}
    wrong = admin.post(f"{page}contact/", sent)
    assert wrong.status_code == 422 and 'href="#id_contact_resource"' in text(wrong)
    assert 'value="no address"' in text(wrong) and 'value="192.0.2.1/24"' in text(wrong)
    wrong = admin.post(f"{page}contact/", {**sent, "resource": ""})
    assert wrong.status_code == 422 and 'href="#id_contact_where"' in text(wrong)
    good = {**sent, "resource": "", "where": "abuse@org.example"}
    assert "Not confirmed" in text(admin.post(f"{page}contact/", good, follow=True))
    assert admin.post(f"{page}contact/", good).status_code == 422
    made = Contact.objects.get()
    where = f"/desk/network/contact/{made.pk}/"
    assert admin.post(f"{where}mark/", {"works": "perhaps"}).status_code == 422
    assert "Known not to work" in text(admin.post(f"{where}mark/", {"works": "no"}, follow=True))
    assert "Confirmed" in text(admin.post(f"{where}mark/", {"works": "yes"}, follow=True))
    assert list(ContactMark.objects.values_list("works", flat=True)) == [False, True]
    ended = text(admin.post(f"{where}end/", follow=True))
    assert "No contact is recorded." in ended and "Contacts that have ended" in ended
    assert admin.post(f"{where}end/").status_code == 404
    assert admin.post(f"{where}mark/", {"works": "yes"}).status_code == 404


def test_the_list_is_searched_and_paged(browser):
    for number in range(51):
        planted_organisation(f"ORG-{number:02}")
    reader = browser("auditor")
    page = text(reader.get(LIST))
    assert "Page 1 of 2" in page and "ORG-00 Ltd" in page and "ORG-50 Ltd" not in page
    assert "ORG-50 Ltd" in text(reader.get(LIST, {"page": "2"}))
    found = text(reader.get(LIST, {"search": "rg-17"}))
    assert "ORG-17 Ltd" in found and "ORG-18 Ltd" not in found
    assert "No organisation fits" in text(reader.get(LIST, {"search": "nobody"}))


def test_only_an_administrator_is_offered_changes_and_can_make_them(browser):
    one = planted_organisation("ORG-1")
    reader = browser("auditor")
    page = text(reader.get(page_of(one)))
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert "ORG-1 Ltd" in main and re.findall(r'<form[^>]*method="post"', main) == []
    for path in (f"{page_of(one)}rename/", f"{page_of(one)}contact/", ADD):
        assert reader.post(path, FACTS).status_code == 403
    assert one.versions.count() == 1


def test_what_another_organisation_holds_does_not_stand_on_its_page(browser, settings):
    settings.FN_OWN_ORGANISATION = "OWN-1"
    for handle in ("OWN-1", "FOREIGN-1"):
        organisation(handle)
        contact(handle, f"abuse@{handle.lower()}.example", own="192.0.2.0/24")
    foreign, own = (Organisation.objects.get(handle=handle) for handle in ("FOREIGN-1", "OWN-1"))
    assert "192.0.2" not in text(browser("admin").get(page_of(foreign)))
    assert "for one resource" in text(browser("admin").get(page_of(foreign)))
    assert "192.0.2.0/24" in text(browser("admin").get(page_of(own)))


@pytest.mark.parametrize("number", ["1", "9" * 30])
def test_what_is_not_there_is_not_found(browser, number):
    admin = browser("admin")
    assert admin.get(f"/desk/network/organisation/{number}/").status_code == 404
    for path in (
        f"organisation/{number}/rename/",
        f"organisation/{number}/contact/",
        f"contact/{number}/end/",
    ):
        assert admin.post(f"/desk/network/{path}").status_code == 404
