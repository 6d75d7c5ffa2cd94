"""Files that come with a notice."""

import django.db.models.deletion
from django.db import migrations, models

import fairnotice.cases.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=fairnotice.cases.models.fields.new_ref,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("state", models.CharField(default="quarantined", max_length=12)),
                ("reason", models.CharField(blank=True, default="", max_length=16)),
                ("came_at", models.DateTimeField()),
                ("unclaimed_until", models.DateTimeField(null=True)),
                ("original", models.CharField(blank=True, max_length=32)),
                ("length", models.PositiveBigIntegerField()),
                ("sha256", models.BinaryField(max_length=32)),
                ("media", models.CharField(blank=True, default="", max_length=80)),
                ("pages", models.PositiveIntegerField(default=1)),
                ("shown", models.JSONField(default=list)),
                ("key_id", models.CharField(blank=True, max_length=32)),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="cases.notice",
                    ),
                ),
                (
                    "received",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="cases.received",
                    ),
                ),
            ],
            options={
                "ordering": ("notice_id", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "position"), name="evidence_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("quarantined", "ready", "kept", "refused", "removed"))
                        ),
                        name="evidence_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("notice__isnull", False),
                                ("position__isnull", False),
                                ("unclaimed_until__isnull", True),
                            ),
                            models.Q(
                                ("notice__isnull", True),
                                ("position__isnull", True),
                                ("unclaimed_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_claimed_or_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notice__isnull", False), ("state", "quarantined"), _connector="OR"
                        ),
                        name="evidence_unclaimed_closed",
                    ),
                ],
            },
        ),
    ]
