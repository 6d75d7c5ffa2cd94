"""Transparency reports, what people write into them, and the counts of each closed month."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fairnotice.cases.models.fields


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_access'),
        ('ledger', '0006_outgoing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('service', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('number', models.PositiveIntegerField()),
                ('profile', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=2000)),
                ('parts', models.JSONField()),
                ('provenance', models.JSONField()),
                ('built_at', models.DateTimeField()),
                ('built_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.report')),
            ],
            options={
                'ordering': ('-first_day', '-last_day', '-number'),
                'constraints': [
                    models.UniqueConstraint(fields=('service', 'first_day', 'last_day', 'number'), name='report_version'),
                    models.CheckConstraint(condition=models.Q(('last_day__gt', models.F('first_day'))), name='report_period'),
                    models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='report_correction_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.report')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('report', 'name'), name='report_file_name')],
            },
        ),
        migrations.CreateModel(
            name='ReportText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200)),
                ('period', models.CharField(blank=True, default='', max_length=21)),
                ('key', models.CharField(max_length=200)),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True)),
                ('written_at', models.DateTimeField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('service', 'period', 'key', 'version'),
                'constraints': [models.UniqueConstraint(fields=('service', 'period', 'key', 'version'), name='report_text_version')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200)),
                ('month', models.DateField(unique=True)),
                ('table', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('cells', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
            ],
            options={
                'ordering': ('month',),
            },
        ),
        migrations.AddIndex(
            model_name='measurestatus',
            index=models.Index(fields=['in_force_at'], name='measure_in_force_at'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['received_at'], name='notice_received'),
        ),
        migrations.CreateModel(
            name='ReportStatus',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='status', serialize=False, to='cases.report')),
                ('state', models.CharField(db_index=True, default='built', max_length=12)),
                ('published_on', models.DateField(null=True)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_on__isnull', True), ('state__in', ('built', 'dropped'))), models.Q(('published_on__isnull', False), ('state__in', ('published', 'corrected'))), _connector='OR'), name='report_published_when')],
            },
        ),
    ]
