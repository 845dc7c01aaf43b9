import django.db.models.deletion
import hiwar.common.multilingual
import uuid
from django.conf import settings
from django.db import migrations, models

from hiwar.common.first_migration import FirstMigration


class Migration(FirstMigration):

    dependencies = [
        ('dossiers', '0005_remove_signing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('news', 'news'), ('press', 'press release'), ('opportunities', 'opportunity'), ('pages', 'page')], max_length=14, verbose_name='kind')),
                ('code', models.CharField(editable=False, max_length=8, unique=True, verbose_name='address')),
                ('language', models.CharField(max_length=12, verbose_name='written in')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='closes on')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('review', 'in review'), ('scheduled', 'opens by the clock'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('opens_wall', models.CharField(blank=True, editable=False, max_length=16)),
                ('opens_zone', models.CharField(blank=True, editable=False, max_length=60)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('modified_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawal', hiwar.common.multilingual.MultilingualField(blank=True, default=dict, is_long=True, verbose_name='why it was withdrawn')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier', verbose_name='dossier')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.itemversion')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['kind', '-published_at'], name='publishing_item_kind'),
                    models.Index(fields=['state', 'opens_wall'], name='publishing_item_opening'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', hiwar.common.multilingual.MultilingualField(default=dict, verbose_name='title')),
                ('content', models.TextField(editable=False)),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('saved_at', models.DateTimeField(editable=False)),
                ('remark', models.TextField(blank=True, max_length=2000, verbose_name='what the reviewer says')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='publishing.item')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='publishing_version_number')],
            },
        ),
    ]
