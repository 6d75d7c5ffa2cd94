"""What is erased, held back and asked for; since when a case is closed; contacts under keys of their own."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import fairnotice.cases.models.fields


def since_when(apps: Any, schema_editor: Any) -> None:
    """Closed cases were closed when the log says so; where it does not, they count from now, which keeps
    longer."""
    cases, events = apps.get_model("cases", "Case").objects, apps.get_model("ledger", "Event").objects
    for case in cases.filter(state="closed").iterator():
        said = events.filter(case_ref=case.ref, kind="case.closed").order_by("-id").first()
        cases.filter(pk=case.pk).update(closed_at=said.at if said else timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_tables'),
        ('ledger', '0006_outgoing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('made_at', models.DateTimeField()),
                ('words_commitment', models.BinaryField(max_length=32)),
                ('words_length', models.PositiveIntegerField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.notice')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('words_length__gt', 0)), name='correction_has_words')],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('what', models.CharField(max_length=20)),
                ('of', models.CharField(max_length=12)),
                ('ground', models.CharField(max_length=20)),
                ('keys', models.JSONField(default=list)),
                ('erased_at', models.DateTimeField(db_index=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['of', 'what'], name='erasure_of')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('ground__in', ('schedule', 'own-wish', 'request', 'unlawful', 'no-longer-needed', 'duty'))), name='erasure_ground'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('ground__in', ('schedule', 'own-wish')), ('second', None)), models.Q(('decided_by__isnull', False), ('second__isnull', False), models.Q(('decided_by', models.F('second')), _negated=True)), _connector='OR'), name='erasure_by_two'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('side', models.CharField(max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(db_index=True, default='asked', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('words_length', models.PositiveIntegerField(default=0)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasure_requests', to='cases.case')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasure_requests', to='cases.notice')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'granted', 'done', 'refused', 'taken_back'))), name='erasure_request_state'),
                    models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('notice__isnull', False), ('side', 'notifier')), models.Q(('case__isnull', False), ('notice__isnull', True), ('side', 'affected')), _connector='OR'), name='erasure_request_side'),
                    models.CheckConstraint(condition=models.Q(('second__isnull', True), models.Q(('first', models.F('second')), _negated=True), _connector='OR'), name='erasure_request_by_two'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ('case-runs', 'legal-claims', 'legal-duty', 'hold')), ('state', 'refused')), models.Q(('state', 'refused'), _negated=True), _connector='OR'), name='erasure_refusal_says_why'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'granted'))), fields=('notice',), name='one_request_per_notice'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'granted'))), fields=('case',), name='one_request_per_case'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('reason', models.CharField(max_length=20)),
                ('until', models.DateField(db_index=True)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('words_length', models.PositiveIntegerField(default=0)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='cases.case')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason__in', ('court', 'claim', 'inspection', 'person'))), name='hold_reason'),
                    models.CheckConstraint(condition=models.Q(('begun_by', models.F('second')), _negated=True), name='hold_by_two'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('one', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('last_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('refused_due', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('one', 1)), name='retention_run_one')],
            },
        ),
        migrations.AddField(
            model_name='appealstatus',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='closed_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='contact_key',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='case',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='forwardletter',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notice',
            name='contact_key',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='notice',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='received',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(since_when, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='case_closed_since'),
        ),
        migrations.CreateModel(
            name='ErasureOpen',
            fields=[
                ('erasure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='unfinished', serialize=False, to='cases.erasure')),
            ],
        ),
    ]
