from django.db import migrations

OLD, NEW = "dossiers.signing", "signatures.signing"


def rename(old, new):
    """Return a step that names the purpose of messages, sendings and refusals anew."""

    def step(apps, _editor):
        for name in ("Message", "Batch", "Suppression"):
            apps.get_model("channels", name).objects.filter(purpose=old).update(purpose=new)

    return step


class Migration(migrations.Migration):
    """Letters that ask to sign are sent by the room of signatures."""

    dependencies = [
        ("channels", "0002_sendings_and_names"),
    ]

    operations = [migrations.RunPython(rename(OLD, NEW), rename(NEW, OLD))]
