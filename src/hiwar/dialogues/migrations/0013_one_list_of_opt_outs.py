"""Who said in a dialogue that nothing more is wanted is on the one list that all senders ask.

Of their telephones only the keys of open dialogues are known, so these keys stand on the list, as
another name of the address. Of a closed dialogue no key is left and nobody can be written to.
"""

from typing import Any

from django.db import migrations, models

BULK = 500


def carry(apps: Any, _editor: Any) -> None:
    """Put the keys of those who opted out on the one list."""
    suppressions = apps.get_model("channels", "Suppression").objects
    people = apps.get_model("dialogues", "Participant").objects.filter(has_opted_out=True)
    known = people.exclude(contact_key="").select_related("dialogue").order_by("pk")
    for person in known.only("contact_key", "dialogue__opened_at", "dialogue__created_at"):
        since = person.dialogue.opened_at or person.dialogue.created_at
        suppressions.get_or_create(
            digest=person.contact_key,
            kind="phone",
            purpose="",
            defaults={"why": "word", "since": since},
        )


def bring_back(apps: Any, _editor: Any) -> None:
    """Let the registrations say it again whose keys are on the list."""
    suppressions = apps.get_model("channels", "Suppression").objects
    people = apps.get_model("dialogues", "Participant").objects.exclude(contact_key="")
    digests = list(suppressions.filter(kind="phone").values_list("digest", flat=True))
    for at in range(0, len(digests), BULK):
        some = people.filter(contact_key__in=digests[at : at + BULK])
        keys = list(some.values_list("contact_key", flat=True))
        some.update(has_opted_out=True)
        suppressions.filter(digest__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_telephones"), ("dialogues", "0012_review_batches")]

    operations = [
        migrations.RunPython(carry, bring_back),
        migrations.RemoveField(model_name="participant", name="has_opted_out"),
        migrations.AddField(
            model_name="messageinqueue",
            name="sealed_sender",
            field=models.BinaryField(default=bytes, editable=False),
        ),
    ]
