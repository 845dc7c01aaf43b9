import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('time_zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('weekend', models.JSONField(default=list, verbose_name='weekend')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='places.calendar')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='weekday')),
                ('starts', models.TimeField(verbose_name='from')),
                ('ends', models.TimeField(verbose_name='until')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__gte', 1), ('weekday__lte', 7)), name='places_pause_weekday')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('level', models.CharField(max_length=30, verbose_name='level')),
                ('kind', models.CharField(blank=True, max_length=30, verbose_name='kind of locality')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.place')),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['level', 'code'], name='places_place_level')],
            },
        ),
        migrations.CreateModel(
            name='Season',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seasons', to='places.calendar')),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('kind', models.CharField(choices=[('holiday', 'holiday'), ('fasting', 'fasting month'), ('busy', 'busy season')], max_length=20, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('is_estimated', models.BooleanField(default=False, verbose_name='calculated, may move')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='places_season_order')],
            },
        ),
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_hours', to='places.calendar')),
                ('season_kind', models.CharField(blank=True, choices=[('holiday', 'holiday'), ('fasting', 'fasting month'), ('busy', 'busy season')], max_length=20)),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(verbose_name='until')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('calendar', 'season_kind'), name='places_workinghours_one_per_kind')],
            },
        ),
    ]
