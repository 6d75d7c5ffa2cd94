# Tables of the ledger.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CheckpointRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(unique=True)),
                ('root', models.BinaryField()),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'checkpoint',
                'ordering': ['size'],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='checkpoint_size_not_negative'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='checkpoint_note_not_empty'), models.CheckConstraint(condition=models.Q(('root__length', 32)), name='checkpoint_root_is_32_bytes')],
            },
        ),
        migrations.CreateModel(
            name='Edge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(default=0)),
                ('edge', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'right edge',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='edge_single_row'), models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='edge_size_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('case_ref', models.CharField(blank=True, default='', max_length=64)),
                ('open', models.JSONField(default=dict)),
                ('personal', models.JSONField(default=dict)),
                ('key_id', models.CharField(max_length=32)),
                ('follows', models.CharField(blank=True, default='', max_length=32)),
                ('clear_type', models.CharField(blank=True, default='', max_length=64)),
                ('leaf', models.BinaryField()),
                ('leaf_hash', models.BinaryField(unique=True)),
            ],
            options={
                'verbose_name': 'event',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['case_ref', 'id'], name='event_case'), models.Index(fields=['kind', 'id'], name='event_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('record__length', 32)), name='event_record_is_32_hex'), models.CheckConstraint(condition=models.Q(('key_id__length', 32)), name='event_key_id_is_32_hex'), models.CheckConstraint(condition=models.Q(('follows', ''), ('follows__length', 32), _connector='OR'), name='event_follows_is_record'), models.CheckConstraint(condition=models.Q(('kind', ''), _negated=True), name='event_kind_not_empty'), models.CheckConstraint(condition=models.Q(('leaf_hash__length', 32)), name='event_leaf_hash_is_32_bytes')],
            },
        ),
        migrations.CreateModel(
            name='OutboxRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=64)),
                ('ref', models.CharField(blank=True, default='', max_length=64)),
                ('key_id', models.CharField(max_length=32)),
                ('sealed', models.BinaryField(null=True)),
                ('message_id', models.CharField(max_length=320, unique=True)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.IntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('error_code', models.CharField(blank=True, default='', max_length=32)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('dead', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'outbox row',
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('dead', False), ('done_at__isnull', True)), fields=['due_at', 'id'], name='outbox_waiting'), models.Index(fields=['kind', 'ref'], name='outbox_ref')],
                'constraints': [models.CheckConstraint(condition=models.Q(('attempts__gte', 0)), name='outbox_attempts_not_negative'), models.CheckConstraint(condition=models.Q(('error_code', ''), ('error_code__in', ('refused', 'deferred', 'unreachable', 'timeout', 'misconfigured', 'erased', 'unreadable', 'lease-expired', 'internal', 'cancelled')), _connector='OR'), name='outbox_error_code_known'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('sealed__isnull', False)), models.Q(('dead', False), ('done_at__isnull', False), ('sealed__isnull', True)), _connector='OR'), name='outbox_sealed_until_done')],
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.BigIntegerField(unique=True)),
                ('leaf', models.BinaryField()),
                ('leaf_hash', models.BinaryField()),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='entry', to='ledger.event')),
            ],
            options={
                'verbose_name': 'log entry',
                'verbose_name_plural': 'log entries',
                'ordering': ['index'],
                'constraints': [models.CheckConstraint(condition=models.Q(('index__gte', 0)), name='logentry_index_not_negative'), models.CheckConstraint(condition=models.Q(('leaf_hash__length', 32)), name='logentry_leaf_hash_is_32_bytes')],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='waiting', serialize=False, to='ledger.event')),
            ],
            options={
                'verbose_name': 'waiting event',
                'verbose_name_plural': 'waiting events',
            },
        ),
    ]
