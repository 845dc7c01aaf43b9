"""Private links of every room: a digest, and until when."""

from __future__ import annotations

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivateLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=60, verbose_name='purpose')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('sealed', models.BinaryField(default=bytes)),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('made_at', models.DateTimeField(editable=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['purpose', 'ends_on'], name='common_link_purpose')],
            },
        ),
    ]
