"""Fifty rows a page; a page that does not exist is the nearest that does."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def page_of(request: HttpRequest, rows: QuerySet[Any] | list[Any]) -> Page[Any]:
    """The page that the address asks for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """The filters of the address, for links to other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
