import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contacts', '0001_initial'),
        ('dossiers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('personal', 'only me'), ('team', 'named colleagues'), ('institution', 'staff'), ('coalition', 'partners of a coalition'), ('official', 'officials by link'), ('press', 'press, under embargo'), ('public', 'everybody')], default='institution', max_length=12, verbose_name='who may read it')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('text', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='ask')),
                ('short', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='in a few words')),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('approved', 'approved'), ('dropped', 'dropped')], default='drafted', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named colleagues')),
            ],
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stance', models.CharField(choices=[('for', 'for'), ('part', 'for in part'), ('against', 'against'), ('undecided', 'undecided'), ('unsaid', 'asked, and did not say')], max_length=10, verbose_name='position')),
                ('words', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='in their words')),
                ('said_on', models.DateField(verbose_name='said on')),
                ('said_by', models.CharField(blank=True, max_length=200, verbose_name='who said it')),
                ('source_kind', models.CharField(choices=[('meeting', 'said in a meeting'), ('statement', 'published statement'), ('letter', 'letter'), ('press', 'press'), ('link', 'written by the organisation itself')], max_length=10, verbose_name='kind of source')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('confirmed_by', models.CharField(blank=True, max_length=200, verbose_name='confirmed by')),
                ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmed on')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('retraction', models.CharField(blank=True, max_length=300, verbose_name='why it was taken back')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='asks.ask')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retracted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PositionLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(editable=False)),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='ask',
            constraint=models.UniqueConstraint(fields=('dossier', 'number'), name='asks_ask_number'),
        ),
        migrations.AddIndex(
            model_name='position',
            index=models.Index(fields=['ask', 'organisation', '-said_on'], name='asks_position_current'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(('source_kind', 'link'), ('recorded_by__isnull', False), _connector='OR'), name='asks_position_recorded'),
        ),
        migrations.AddIndex(
            model_name='positionlink',
            index=models.Index(fields=['dossier', 'organisation'], name='asks_link_of'),
        ),
    ]
