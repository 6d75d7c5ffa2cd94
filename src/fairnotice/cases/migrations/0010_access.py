"""The access log; emergencies; what two people do together; people of trust for what concerns the staff."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fairnotice.cases.models.fields


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_evidence_files'),
        ('ledger', '0006_outgoing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='involved_role',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='notice',
            name='life_in_danger',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='received',
            name='staff_involved',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Emergency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(default='open', max_length=12)),
                ('opened_at', models.DateTimeField()),
                ('step', models.PositiveIntegerField(default=0)),
                ('next_at', models.DateTimeField(db_index=True, null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('assessed_at', models.DateTimeField(null=True)),
                ('passed_on', models.BooleanField(null=True)),
                ('authority', models.CharField(blank=True, default='', max_length=20)),
                ('passed_at', models.DateTimeField(null=True)),
                ('why_length', models.PositiveIntegerField(default=0)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='emergency', to='cases.notice')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'id'], name='emergency_by_state')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_by__isnull', True), ('assessed_by__isnull', True), ('state', 'open')), models.Q(('acknowledged_by__isnull', False), ('assessed_by__isnull', True), ('state', 'acknowledged')), models.Q(('acknowledged_by__isnull', False), ('assessed_by__isnull', False), ('state', 'assessed')), _connector='OR'), name='emergency_state_has_its_person'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('next_at__isnull', False)), models.Q(models.Q(('state', 'open'), _negated=True), ('next_at__isnull', True)), _connector='OR'), name='emergency_alerts_while_open'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'assessed'), _negated=True), models.Q(('authority__in', ('emergency-number', 'police', 'police-elsewhere', 'europol', 'child-protection', 'other')), ('passed_at__isnull', False), ('passed_on', True)), models.Q(('authority', ''), ('passed_at__isnull', True), ('passed_on', False), ('why_length__gt', 0)), _connector='OR'), name='emergency_says_what_was_done'),
                ],
            },
        ),
        migrations.CreateModel(
            name='EmergencyAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveIntegerField()),
                ('place', models.PositiveSmallIntegerField(null=True)),
                ('channels', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='cases.emergency')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
            ],
            options={
                'ordering': ('emergency_id', 'step'),
                'constraints': [models.UniqueConstraint(fields=('emergency', 'step'), name='emergency_step_once')],
            },
        ),
        migrations.CreateModel(
            name='InvolvedContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('label', models.CharField(max_length=80)),
                ('key_id', models.CharField(blank=True, default='', max_length=32)),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.event')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('user__isnull', False), ('key_id', '')), models.Q(('user__isnull', True), models.Q(('key_id', ''), _negated=True)), _connector='OR'), name='involved_contact_account_or_mailbox'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('user__isnull', False)), fields=('user',), name='involved_contact_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Opened',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=32)),
                ('about', models.CharField(max_length=8)),
                ('ref', models.CharField(max_length=12)),
                ('kinds', models.JSONField(default=list)),
                ('purpose', models.CharField(max_length=12)),
                ('at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['about', 'ref', 'at'], name='opened_of_thing'),
                    models.Index(fields=['user', 'at'], name='opened_by_person'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('about__in', ('case', 'notice', 'message', 'letter', 'table'))), name='opened_about_known'),
                    models.CheckConstraint(condition=models.Q(('purpose__in', ('triage', 'decide', 'confirm', 'appeal', 'publish', 'read', 'inform', 'carry-out', 'forward', 'table', 'emergency', 'two-people', 'export', 'asked', 'stand-in', 'related', 'question', 'follow-up', 'quality'))), name='opened_purpose_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=fairnotice.cases.models.fields.new_ref, editable=False, max_length=12, unique=True)),
                ('verb', models.CharField(max_length=16)),
                ('state', models.CharField(default='proposed', max_length=12)),
                ('why', models.CharField(max_length=16)),
                ('reason_length', models.PositiveIntegerField()),
                ('until', models.DateField(null=True)),
                ('proposed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='cases.case')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='cases.notice')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'expires_at'], name='proposal_by_state')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('proposed', 'done', 'refused', 'expired'))), name='proposal_state_known'),
                    models.CheckConstraint(condition=models.Q(('why__in', ('court', 'person', 'dispute', 'mistake', 'law'))), name='proposal_why_known'),
                    models.CheckConstraint(condition=models.Q(('reason_length__gt', 0)), name='proposal_has_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('notice__isnull', True)), models.Q(('case__isnull', True), ('notice__isnull', False)), _connector='OR'), name='proposal_about_one_thing'),
                    models.CheckConstraint(condition=models.Q(('second__isnull', True), models.Q(('second', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_two_people'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('second__isnull', False), _connector='OR'), name='proposal_done_by_second'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='proposal_ended_dated'),
                    models.UniqueConstraint(condition=models.Q(('case__isnull', False), ('state', 'proposed')), fields=('verb', 'case'), name='proposal_once_per_case'),
                    models.UniqueConstraint(condition=models.Q(('notice__isnull', False), ('state', 'proposed')), fields=('verb', 'notice'), name='proposal_once_per_notice'),
                ],
            },
        ),
    ]
