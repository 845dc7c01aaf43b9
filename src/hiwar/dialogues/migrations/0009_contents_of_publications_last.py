# SQLite reads a row in the order of its columns: what is large stands last, so that the rest of a
# publication is read without it.
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0008_dossier_of_dialogue")]

    operations = [
        migrations.AddField("publication", "page", models.JSONField(default=dict)),
        migrations.AddField("publication", "file", models.BinaryField(null=True)),
    ]
