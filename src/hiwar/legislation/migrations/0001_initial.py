import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('dossiers', '0002_numbers_of_letters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Law',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('sort', models.CharField(choices=[('decree-law', 'decree-law'), ('law', 'law'), ('regulation', 'regulation'), ('decree', 'decree'), ('by-law', 'by-law'), ('constitution', 'constitution'), ('other', 'other instrument')], max_length=20, verbose_name='sort of instrument')),
                ('country', models.CharField(max_length=2, verbose_name='country code')),
                ('jurisdiction', models.CharField(max_length=12, verbose_name='way of writing laws')),
                ('created_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='legislation.procedure', verbose_name='procedure')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LawVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('is_unofficial', models.BooleanField(default=False, verbose_name='unofficial translation')),
                ('dated_on', models.DateField(verbose_name='day of the text')),
                ('authority', models.CharField(choices=[('official', 'official text'), ('leaked', 'leaked'), ('coalition', 'proposal of a coalition'), ('confidence', 'obtained in confidence')], max_length=12, verbose_name='standing of the text')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('text', models.TextField(editable=False)),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('preface', models.TextField(blank=True, editable=False)),
                ('preamble', models.TextField(blank=True, editable=False)),
                ('conclusion', models.TextField(blank=True, editable=False)),
                ('added_at', models.DateTimeField(editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('law', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='legislation.law')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('law', 'number', 'language'), name='legislation_version_language'), models.CheckConstraint(condition=models.Q(models.Q(('authority', 'confidence'), _negated=True), ('visibility__in', ['personal', 'team']), _connector='OR'), name='legislation_version_confidence')],
            },
        ),
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('eid', models.CharField(max_length=120)),
                ('label', models.TextField(blank=True)),
                ('heading', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('closing', models.TextField(blank=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='legislation.provision')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='provisions', to='legislation.lawversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'eid'), name='legislation_provision_eid')],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='name')),
                ('decided_by', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='who decides')),
                ('basis', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='legal basis')),
                ('document', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, verbose_name='document that comes out')),
                ('clock_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days it may take')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='legislation.procedure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('procedure', 'code'), name='legislation_stage_code')],
            },
        ),
        migrations.CreateModel(
            name='LegislativeStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('stage', 'came to a stage'), ('suspended', 'suspended'), ('resumed', 'resumed'), ('withdrawn', 'withdrawn'), ('lapsed', 'lapsed')], default='stage', max_length=12, verbose_name='what happened')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='day')),
                ('evidence', models.CharField(choices=[('official_text', 'official text'), ('official_statement', 'official statement'), ('press', 'press'), ('civil_society', 'report of civil society'), ('leak', 'leak'), ('unknown', 'unknown')], max_length=20, verbose_name='what proves it')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('law', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='legislation.law')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='legislation.stage', verbose_name='stage')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'stage'), ('stage__isnull', False)), models.Q(models.Q(('kind', 'stage'), _negated=True), ('stage', None)), _connector='OR'), name='legislation_step_stage')],
            },
        ),
    ]
