"""Tables of notices: paste one, say what the columns mean, look at the first lines, and let them come in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.answerable.csv_out import csv_text
from fairnotice.cases.actions import table_runs as actions
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import TableRun
from fairnotice.cases.permissions import ACTIONS
from fairnotice.cases.queries import tables as queries
from fairnotice.cases.tables import mapping as mappings
from fairnotice.cases.tables import table as tables
from fairnotice.cases.tables.mapping import Mapping
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.tables import KeptForm, MappingForm, PasteForm, fault_field, initial
from fairnotice.review.paging import page_of

_SHOWN_BAD = 50


@desk_page("GET", "POST")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-tables: all tables. POST: another one, pasted into the field `table`."""
    form, status = PasteForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        try:
            run, again = actions.keep(actor=actor_of(request), raw=value(form, "table").encode())
        except Invalid as error:
            put_on(form, error)
            status = 422
        else:
            if again:
                messages.info(request, _("This very table is here already; this is how it stands."))
            return redirect("desk-table-run", run.ref)
    context = {"page": page_of(request, queries.runs(actor_of(request))), "form": form}
    return render(request, "review/tables.html", context, status=status)


@desk_page("GET")
def run(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-table-run: before it is started the choice of columns, then how far it is; `kept` names a
    mapping to begin with."""
    found = queries.run_for(actor_of(request), ref)
    if found.state != "draft":
        return _progress(request, found)
    table = actions.table_of(found)
    kept = queries.saved_mapping(request.GET.get("kept", "")[:12])
    mapping = kept.for_table(table) if kept else mappings.guess(table)
    return _choose(request, found, MappingForm(initial=initial(mapping), columns=table.columns), table)


@desk_page("POST")
def start(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-table-start: `step` is "preview" or "start"."""
    actor = actor_of(request)
    found = queries.run_for(actor, ref)
    table = actions.table_of(found)
    form = MappingForm(request.POST, columns=table.columns)
    mapping = form.mapping()
    faults = mappings.check_mapping(mapping, table)
    if faults or not form.is_valid():
        put_on(form, Invalid(faults), fields={fault.path: fault_field(fault.path, form) for fault in faults})
        return _choose(request, found, form, table, status=422)
    if request.POST.get("step") != "start":
        return _choose(request, found, form, table, mapping)
    try:
        if value(form, "keep_as"):
            actions.save_mapping(actor=actor, name=value(form, "keep_as"), mapping=mapping)
        actions.start(actor=actor, run=found, mapping=mapping, receipts=bool(form.cleaned_data["receipts"]))
    except Invalid as error:
        put_on(form, error, fields={"name": "keep_as"})
        return _choose(request, found, form, table, mapping, status=422)
    messages.success(request, _("The lines come in one after the other. You can leave this page."))
    return redirect("desk-table-run", ref)


@desk_page("POST")
def act(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-table-act: `act` is "stop", "resume" or "drop"."""
    actor = actor_of(request)
    found = queries.run_for(actor, ref)
    wanted = request.POST.get("act")
    if wanted == "stop":
        actions.stop(actor=actor, run=found)
        messages.success(request, _("Stopped. What is in stays; you can go on at any time."))
    elif wanted == "drop":
        actions.drop(actor=actor, run=found)
        messages.success(request, _("Put away. No line of it came in."))
        return redirect("desk-tables")
    else:
        actions.resume(actor=actor, run=found)
    return redirect("desk-table-run", ref)


@desk_page("GET")
def errors(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-table-errors: lines that did not come in, as CSV that runs nothing in a spreadsheet."""
    found = queries.run_for(actor_of(request), ref)
    rows = queries.error_rows(found)
    answer = HttpResponse("\ufeff" + csv_text(next(rows), rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lines-{found.ref}.csv"'
    return answer


def _choose(
    request: HttpRequest,
    run: TableRun,
    form: MappingForm,
    table: tables.Table,
    mapping: Mapping | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = queries.saved_mappings()
    context: dict[str, Any] = {
        "run": run,
        "form": form,
        "table": table,
        "kept_form": KeptForm(kept=kept) if kept else None,
        "lines": queries.preview(table, mapping) if mapping is not None else None,
    }
    return render(request, "review/table_choose.html", context, status=status)


def _progress(request: HttpRequest, run: TableRun) -> HttpResponse:
    context = {
        "run": run,
        "left": run.total - run.position,
        "bad": list(queries.bad_lines(run, most=_SHOWN_BAD)),
        "more": max(run.bad - _SHOWN_BAD, 0),
        "may_act": bool(actor_of(request).roles & ACTIONS["table"]),
    }
    return render(request, "review/table_run.html", context)
