from django.db import migrations
from django.utils import timezone

PURPOSE = "accounts.invitation"


def move(apps, _editor):
    """Give each invitation a private link with its digest, so that letters that left go on opening."""
    link_model = apps.get_model("common", "PrivateLink")
    for invitation in apps.get_model("accounts", "Invitation").objects.filter(private_link=None):
        invitation.private_link = link_model.objects.create(
            purpose=PURPOSE,
            digest=invitation.digest,
            ends_on=timezone.localtime(invitation.expires_at).date(),
            made_at=invitation.invited_at,
            withdrawn_at=invitation.withdrawn_at or invitation.accepted_at,
            used_at=invitation.accepted_at,
        )
        invitation.save(update_fields=["private_link"])


def move_back(apps, _editor):
    """Write the digests beside the invitations again."""
    invitations = apps.get_model("accounts", "Invitation").objects
    for invitation in invitations.select_related("private_link"):
        link = invitation.private_link
        invitation.digest, invitation.private_link = link.digest, None
        invitation.save(update_fields=["digest", "private_link"])
        link.delete()


class Migration(migrations.Migration):
    """Digests of invitations move to private links."""

    dependencies = [("accounts", "0002_private_links")]

    operations = [migrations.RunPython(move, move_back)]
