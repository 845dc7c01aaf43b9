from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0009_one_desk_of_files")]

    operations = [
        migrations.RemoveField(model_name="messageinqueue", name="batch"),
        migrations.DeleteModel(name="ImportBatch"),
    ]
