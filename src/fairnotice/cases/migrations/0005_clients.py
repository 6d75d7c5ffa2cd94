"""Tokens belong to clients, have scopes, and can be replaced; trusted flaggers; whose notice it is.

Tokens that are there stay valid: their MACs are kept, each label becomes a client, each purpose a scope. What
another organisation forwarded becomes its client's.
"""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from fairnotice.cases.models.fields import new_ref

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
PROTECT = django.db.models.deletion.PROTECT
SCOPES = ["notices", "reports", "bulk", "effects", "forwards", "webhooks-in"]


def ref() -> Any:
    return models.CharField(default=new_ref, editable=False, max_length=12, unique=True)


def staff(**kwargs: Any) -> Any:
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **kwargs)


def event() -> Any:
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to="ledger.event")


def give_tokens_to_clients(apps: Any, schema_editor: Any) -> None:
    client_of, token_of, scope_of, inbound_of, notice_of = (
        apps.get_model("cases", name) for name in ("ApiClient", "ApiToken", "TokenScope", "Inbound", "Notice")
    )
    made = {}
    for token in token_of.objects.order_by("created_at", "id"):
        # Labels that differ in their letters' case only were one for whoever revoked them, and are one client.
        key = token.label.lower()
        if key not in made:
            made[key] = client_of.objects.create(
                label=token.label, created_at=token.created_at, created_by_id=token.created_by_id
            )
        token.client, token.ref = made[key], new_ref()
        token.save(update_fields=["client", "ref"])
        scope_of.objects.create(token=token, scope=token.purpose)
    for inbound in inbound_of.objects.select_related("token").iterator():
        notice_of.objects.filter(pk=inbound.notice_id).update(client_id=inbound.token.client_id)
    # PostgreSQL refuses to alter a table while rows of it wait for their references to be checked.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ledger", "0001_initial"),
        ("cases", "0004_received"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                ("id", ID),
                ("ref", ref()),
                ("label", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_by", staff(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        condition=Q(closed_at__isnull=True),
                        name="one_open_client_per_label",
                    )
                ]
            },
        ),
        migrations.RemoveConstraint("effecttoken", "token_purpose_known"),
        migrations.RenameModel("EffectToken", "ApiToken"),
        migrations.AlterModelOptions("apitoken", {"ordering": ("-created_at", "-id")}),
        migrations.AddField(
            "apitoken",
            "client",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="tokens", to="cases.apiclient"),
        ),
        migrations.AddField("apitoken", "ref", models.CharField(max_length=12, null=True)),
        migrations.AddField("apitoken", "hint", models.CharField(blank=True, default="", max_length=4)),
        migrations.AddField("apitoken", "expires_at", models.DateTimeField(null=True)),
        migrations.AddField("apitoken", "last_used_on", models.DateField(null=True)),
        migrations.AddField(
            "apitoken",
            "replaces",
            models.OneToOneField(
                null=True, on_delete=PROTECT, related_name="replaced_by", to="cases.apitoken"
            ),
        ),
        migrations.CreateModel(
            name="TokenScope",
            fields=[
                ("id", ID),
                ("scope", models.CharField(max_length=12)),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scope_rows",
                        to="cases.apitoken",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["token", "scope"], name="scope_once_per_token"),
                    models.CheckConstraint(condition=Q(scope__in=SCOPES), name="token_scope_known"),
                ]
            },
        ),
        migrations.AddField(
            "notice",
            "client",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="notices",
                to="cases.apiclient",
            ),
        ),
        migrations.AddIndex(
            "notice", models.Index(fields=["client", "received_at"], name="notice_of_client")
        ),
        # Back again only where no token is: a client cannot be made a label with one purpose.
        migrations.RunPython(give_tokens_to_clients, migrations.RunPython.noop),
        migrations.RemoveField("apitoken", "label"),
        migrations.RemoveField("apitoken", "purpose"),
        migrations.AlterField(
            "apitoken",
            "client",
            models.ForeignKey(on_delete=PROTECT, related_name="tokens", to="cases.apiclient"),
        ),
        migrations.AlterField("apitoken", "ref", ref()),
        migrations.AlterField("apitoken", "hint", models.CharField(blank=True, max_length=4)),
        migrations.AddConstraint(
            "apitoken",
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("created_at")),
                name="token_ends_after_its_start",
            ),
        ),
        migrations.CreateModel(
            name="TrustedStatus",
            fields=[
                ("id", ID),
                ("ref", ref()),
                ("reference", models.CharField(max_length=500)),
                ("country", models.CharField(max_length=2)),
                ("awarded_on", models.DateField()),
                ("expires_on", models.DateField(null=True)),
                ("review_on", models.DateField(null=True)),
                ("areas", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(on_delete=PROTECT, related_name="trusted", to="cases.apiclient"),
                ),
                ("event", event()),
                ("recorded_by", staff()),
            ],
            options={
                "ordering": ("-recorded_at", "-id"),
                "constraints": [
                    models.CheckConstraint(condition=~Q(reference=""), name="trusted_says_where"),
                    models.CheckConstraint(
                        condition=Q(expires_on__isnull=False) | Q(review_on__isnull=False),
                        name="trusted_ends_or_is_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("awarded_on")),
                        name="trusted_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustedEnd",
            fields=[
                ("id", ID),
                ("kind", models.CharField(max_length=6)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ended_at", models.DateTimeField()),
                ("ended_by", staff(null=True)),
                ("event", event()),
                (
                    "status",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="end", to="cases.trustedstatus"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=("anew", "closed")) | (Q(kind="ended") & ~Q(reason="")),
                        name="trusted_end_says_why",
                    )
                ]
            },
        ),
    ]
