from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0004_outer_contact_key")]

    operations = [
        migrations.AddField(
            model_name="dialogue",
            name="outdated_version",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
    ]
