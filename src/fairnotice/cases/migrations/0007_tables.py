"""Tables of notices; as what reports about no item are counted."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import fairnotice.cases.models.fields


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0006_services"),
        ('ledger', '0005_leaf_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TableMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('label', models.CharField(max_length=80, unique=True)),
                ('key_id', models.CharField(max_length=32)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='received',
            name='about',
            field=models.CharField(blank=True, default='', max_length=48),
        ),
        migrations.CreateModel(
            name='TableRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('machine', models.BooleanField(default=False)),
                ('receipts', models.BooleanField(default=False)),
                ('total', models.PositiveIntegerField()),
                ('position', models.PositiveIntegerField(default=0)),
                ('notices', models.PositiveIntegerField(default=0)),
                ('duplicates', models.PositiveIntegerField(default=0)),
                ('bad', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('received', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='table', to='cases.received')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'running', 'stopped', 'done', 'dropped'))), name='table_state_known'),
                    models.CheckConstraint(condition=models.Q(('position__lte', models.F('total'))), name='table_position_in_file'),
                    models.CheckConstraint(condition=models.Q(('position', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('notices'), '+', models.F('duplicates')), '+', models.F('bad')))), name='table_every_line_counted'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TableLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=12)),
                ('content_mac', models.BinaryField(db_index=True, max_length=32)),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='table_lines', to='cases.notice')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cases.tablerun')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('run', 'number'), name='table_line_once'),
                    models.CheckConstraint(condition=models.Q(('outcome__in', ('notice', 'duplicate', 'bad'))), name='table_outcome_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', True), ('outcome', 'bad')), models.Q(models.Q(('outcome', 'bad'), _negated=True), ('notice__isnull', False)), _connector='OR'), name='table_line_has_its_notice'),
                ],
            },
        ),
    ]
