from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0009_contents_of_publications_last")]

    operations = [
        migrations.RunSQL(
            "UPDATE dialogues_publication SET page = document, file = bundle",
            "UPDATE dialogues_publication SET document = page, bundle = file",
        ),
    ]
