"""The rows of files point to the runs of `common`; runs and mappings of before are dropped."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0002_import_runs'),
        ('contacts', '0001_initial'),
    ]

    operations = [
        migrations.DeleteModel(name='FileRow'),
        migrations.CreateModel(
            name='FileRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('line', models.PositiveIntegerField(verbose_name='row')),
                ('is_new', models.BooleanField(default=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_rows', to='contacts.person')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.importrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'line'), name='contacts_filerow_once')],
            },
        ),
        migrations.DeleteModel(name='ColumnMapping'),
        migrations.DeleteModel(name='ContactFile'),
    ]
