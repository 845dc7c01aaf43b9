from django.db import migrations


class Migration(migrations.Migration):
    """What dialogues send leaves through the outbox of the house; nothing ever wrote this table."""

    dependencies = [
        ("dialogues", "0005_outdated_publications"),
    ]

    operations = [migrations.DeleteModel(name="Outgoing")]
