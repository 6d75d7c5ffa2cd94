"""Messages that are stored before they are read; longer names of doors."""

import django.db.models.deletion
from django.db import migrations, models

import fairnotice.cases.models.fields


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_inbox'),
        ('ledger', '0005_leaf_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='door',
            field=models.CharField(max_length=12),
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('door', models.CharField(max_length=12)),
                ('received_at', models.DateTimeField(db_index=True)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.BinaryField(max_length=32)),
                ('whole', models.BooleanField(default=True)),
                ('key_mac', models.BinaryField(max_length=32, unique=True)),
                ('key_id', models.CharField(max_length=32)),
                ('state', models.CharField(default='new', max_length=12)),
                ('format', models.CharField(blank=True, default='', max_length=12)),
                ('reason', models.CharField(blank=True, default='', max_length=24)),
                ('machine', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('settled_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='cases.notice')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'id'], name='received_by_state'), models.Index(fields=['door', '-received_at'], name='received_by_door')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('new', 'waiting', 'held', 'dismissed', 'taken', 'passed_on', 'filed'))), name='received_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', False), ('state', 'taken')), models.Q(models.Q(('state', 'taken'), _negated=True), ('notice__isnull', True)), _connector='OR'), name='received_taken_is_notice'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('waiting', 'held')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='received_waits_for_reason')],
            },
        ),
    ]
