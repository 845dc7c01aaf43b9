from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0006_no_outgoing")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="closing_time",
            field=models.TimeField(blank=True, null=True, verbose_name="hour of closing"),
        ),
    ]
