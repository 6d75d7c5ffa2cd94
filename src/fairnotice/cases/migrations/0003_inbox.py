"""Notices that other organisations forward to us, and tokens that are for that."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import fairnotice.cases.models.fields


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_forwarding")]

    operations = [
        migrations.AddField("effecttoken", "purpose", models.CharField(default="effects", max_length=8)),
        migrations.AddConstraint(
            "effecttoken",
            models.CheckConstraint(
                condition=Q(purpose__in=("effects", "forwards")), name="token_purpose_known"
            ),
        ),
        migrations.CreateModel(
            name="Inbound",
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
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbound",
                        to="cases.notice",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.effecttoken",
                    ),
                ),
                ("key_mac", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                ("received_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(null=True)),
                ("reachable", models.BooleanField()),
                ("answer", models.CharField(blank=True, default="", max_length=8)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_length", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["token", "key_mac"], name="inbound_once_per_key"),
                    models.CheckConstraint(
                        condition=Q(answer__in=("", "taken", "not_ours", "too_old", "answered")),
                        name="inbound_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_at__isnull=True)
                        | (~Q(answer="") & Q(answered_at__isnull=False)),
                        name="inbound_answer_dated",
                    ),
                ]
            },
        ),
    ]
