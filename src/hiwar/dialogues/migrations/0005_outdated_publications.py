from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0004_outer_contact_key")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="outdated_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
