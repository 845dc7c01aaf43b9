from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0004_indexes_of_votes")]

    operations = [
        migrations.AlterField(
            model_name="moderationdecision",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("accepted", "accepted"),
                    ("proposed", "accepted by the first of two"),
                    ("rejected", "not accepted"),
                    ("merged", "merged"),
                    ("split", "split"),
                    ("asked", "author asked to reword"),
                ],
                max_length=10,
            ),
        ),
    ]
