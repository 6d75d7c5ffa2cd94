"""Who answers for an address, from our own register alone. Nothing is stored, nothing is asked of anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairnotice.answerable import lookup as register
from fairnotice.review.answers import desk_page
from fairnotice.review.forms.network import end_of
from fairnotice.review.forms.plain import LookupForm


@desk_page("GET", "POST")
def lookup(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-lookup; fields `location`, `at` and `known_on`."""
    if request.method != "POST":
        return render(request, "review/lookup.html", {"form": LookupForm()})
    form = LookupForm(request.POST)
    chain, known_on, status = None, None, 422
    if form.is_valid():
        known_on = end_of(form)
        chain = register.find(form.cleaned_data["location"], form.cleaned_data["at"], known_on)
        status = 200
        if chain.problem:
            form.add_error("location", chain.problem)
            chain, status = None, 422
    return render(
        request, "review/lookup.html", {"form": form, "chain": chain, "known_on": known_on}, status=status
    )
