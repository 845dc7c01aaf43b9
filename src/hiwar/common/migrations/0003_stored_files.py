import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0002_import_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('is_sealed', models.BooleanField(default=False, editable=False)),
                ('made_at', models.DateTimeField(editable=False)),
                ('purge_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['sha256'], name='common_file_sha256'), models.Index(fields=['purge_at'], name='common_file_purge')],
            },
        ),
    ]
