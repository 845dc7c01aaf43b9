import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('accounts', '__first__'),
        ('common', '0001_initial'),
        ('contacts', '0001_initial'),
        ('dossiers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='ask')),
                ('short', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='in a few words')),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('approved', 'approved'), ('dropped', 'dropped')], default='drafted', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dossier', 'number'), name='asks_ask_number')],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='asks.ask')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('stance', models.CharField(choices=[('for', 'for'), ('part', 'for in part'), ('against', 'against'), ('undecided', 'undecided'), ('unsaid', 'asked, and did not say')], max_length=10, verbose_name='position')),
                ('words', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='in their words')),
                ('said_on', models.DateField(verbose_name='said on')),
                ('said_by', models.CharField(blank=True, max_length=200, verbose_name='who said it')),
                ('source_kind', models.CharField(choices=[('meeting', 'said in a meeting'), ('statement', 'published statement'), ('letter', 'letter'), ('press', 'press'), ('link', 'written by the organisation itself')], max_length=10, verbose_name='kind of source')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('confirmed_by', models.CharField(blank=True, max_length=200, verbose_name='confirmed by')),
                ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('retracted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retraction', models.CharField(blank=True, max_length=300, verbose_name='why it was taken back')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['ask', 'organisation', '-said_on'], name='asks_position_current')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source_kind', 'link'), ('recorded_by__isnull', False), _connector='OR'), name='asks_position_recorded')],
            },
        ),
        migrations.CreateModel(
            name='PositionLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('private_link', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.privatelink')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['dossier', 'organisation'], name='asks_link_of')],
            },
        ),
    ]
