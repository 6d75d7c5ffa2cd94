from __future__ import annotations

from django.db import models


class ServiceAsked(models.Model):
    """How far the reports of a service of the settings have been asked for. Says nothing about anybody."""

    service = models.CharField(max_length=40, unique=True)
    last_report = models.CharField(max_length=64, blank=True, default="")
    asked_at = models.DateTimeField()
    # One of the outbox's error codes, "" where the server answered.
    error_code = models.CharField(max_length=32, blank=True, default="")
