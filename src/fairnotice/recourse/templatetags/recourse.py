"""Codes of the access log in words, for the people whom it is about."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from fairnotice.cases.permissions import ROLE_WORDS
from fairnotice.law.openings import PURPOSES

register = template.Library()


@register.filter
def role_words(role: str) -> str:
    """A role in words."""
    return _(ROLE_WORDS[role]) if role in ROLE_WORDS else role


@register.filter
def purpose_words(purpose: str) -> str:
    """A purpose in words."""
    return _(PURPOSES[purpose]) if purpose in PURPOSES else purpose
