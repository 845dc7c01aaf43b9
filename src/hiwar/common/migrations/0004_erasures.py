import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_stored_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('state', models.CharField(choices=[('asked', 'waits for a second person'), ('done', 'carried out'), ('taken_back', 'taken back')], default='asked', max_length=12, verbose_name='state')),
                ('is_own_wish', models.BooleanField(default=False, verbose_name='by the person')),
                ('keys', models.JSONField(default=list, editable=False)),
                ('counts', models.JSONField(default=dict)),
                ('sealed', models.BinaryField(default=bytes)),
                ('proof', models.JSONField(default=dict)),
                ('asked_by', models.CharField(blank=True, max_length=100, verbose_name='who')),
                ('done_by', models.CharField(blank=True, max_length=100)),
                ('asked_at', models.DateTimeField(editable=False)),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('proven_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-asked_at'], name='common_erasure_asked')],
            },
        ),
    ]
