from django.db import migrations

import hiwar.common.multilingual


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_rows_of_import_runs")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="family_name",
            field=hiwar.common.multilingual.MultilingualField(
                blank=True, default=dict, verbose_name="family name"
            ),
        ),
    ]
