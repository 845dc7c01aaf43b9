"""The key of a telephone number is made again under the key that lies outside of the data."""

from typing import Any

from django.db import migrations

from hiwar.common.crypto import outer_digest


def lock(apps: Any, editor: Any) -> None:
    people = apps.get_model("dialogues", "Participant").objects.exclude(contact_key="")
    batch = []
    for person in people.only("contact_key").iterator():
        person.contact_key = outer_digest("contact", person.contact_key)
        batch.append(person)
    people.bulk_update(batch, ["contact_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0003_day_only")]

    # What is locked cannot be opened again; a dialogue that is open keeps its registrations.
    operations = [migrations.RunPython(lock, migrations.RunPython.noop)]
