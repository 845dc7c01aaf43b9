"""Lists of attendance come in as runs of `common`; the lists of before are dropped."""

import django.db.models.deletion
from django.db import migrations, models

RUN = {
    'blank': True,
    'editable': False,
    'null': True,
    'on_delete': django.db.models.deletion.PROTECT,
    'related_name': '+',
    'to': 'common.importrun',
}


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0002_import_runs'),
        ('events', '0001_initial'),
    ]
    # What the lists point to goes with it.
    run_before = [('contacts', '0002_rows_of_import_runs')]

    operations = [
        migrations.RemoveField(model_name='event', name='sheet'),
        migrations.RemoveField(model_name='attendance', name='sheet'),
        migrations.DeleteModel(name='AttendanceSheet'),
        migrations.AddField(model_name='event', name='import_run', field=models.ForeignKey(**RUN)),
        migrations.AddField(
            model_name='attendance', name='import_run', field=models.ForeignKey(**RUN)
        ),
    ]
