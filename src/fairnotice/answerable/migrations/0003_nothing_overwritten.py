"""Now that every fact stands in the new columns, the old ones go and the rules hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('answerable', '0002_in_two_times'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contact',
            name='contact_once_per_organisation',
        ),
        migrations.RemoveConstraint(
            model_name='contact',
            name='contact_once_per_resource',
        ),
        migrations.RemoveConstraint(
            model_name='delegation',
            name='delegation_once',
        ),
        migrations.RemoveConstraint(
            model_name='delegation',
            name='delegation_once_from_registry',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_has_name',
        ),
        migrations.RemoveField(
            model_name='contact',
            name='known_bad',
        ),
        migrations.RemoveField(
            model_name='contact',
            name='verified_at',
        ),
        migrations.RemoveField(
            model_name='organisation',
            name='country',
        ),
        migrations.RemoveField(
            model_name='organisation',
            name='name',
        ),
        migrations.RemoveField(
            model_name='organisation',
            name='source',
        ),
        migrations.RemoveField(
            model_name='organisation',
            name='url',
        ),
        migrations.AddIndex(
            model_name='delegation',
            index=models.Index(fields=['to_org', 'low'], name='delegation_holder'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_until', None), ('recorded_from__lt', models.F('recorded_until')), _connector='OR'), name='contact_recorded_order'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('resource__isnull', True), ('recorded_until', None)), fields=('organisation', 'role', 'channel', 'address'), name='contact_once_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('resource__isnull', False), ('recorded_until', None)), fields=('organisation', 'resource', 'role', 'channel', 'address'), name='contact_once_per_resource'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_until', None), ('recorded_from__lt', models.F('recorded_until')), _connector='OR'), name='delegation_recorded_order'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('low__lte', models.F('high'))), name='delegation_span_order'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), ('from_org__isnull', False), _connector='OR'), name='delegation_parent_is_held_by_giver'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('series')), _negated=True), _connector='OR'), name='delegation_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('recorded_until', None)), fields=('series',), name='delegation_one_version_said'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('from_org__isnull', False), ('recorded_until', None)), fields=('resource', 'from_org', 'to_org', 'kind', 'valid_from'), name='delegation_once'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('from_org__isnull', True), ('recorded_until', None)), fields=('resource', 'to_org', 'kind', 'valid_from'), name='delegation_once_without_giver'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['registry', 'agreed'])), name='organisation_may_be_listed'),
        ),
        migrations.AddIndex(
            model_name='contactmark',
            index=models.Index(fields=['contact', 'id'], name='contact_mark_last'),
        ),
        migrations.AddConstraint(
            model_name='organisationversion',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_until', None), ('recorded_from__lt', models.F('recorded_until')), _connector='OR'), name='organisationversion_recorded_order'),
        ),
        migrations.AddConstraint(
            model_name='organisationversion',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organisation_has_name'),
        ),
        migrations.AddConstraint(
            model_name='organisationversion',
            constraint=models.UniqueConstraint(condition=models.Q(('recorded_until', None)), fields=('organisation',), name='organisation_one_version_said'),
        ),
    ]
