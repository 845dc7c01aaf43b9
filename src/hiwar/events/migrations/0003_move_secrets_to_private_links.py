"""Secrets become digests; where a letter still has to carry one, it is sealed.

Addresses that were given out go on opening. Letters name the place of the address instead of it.
Backwards, an address whose token was forgotten is made anew.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from django.db import migrations
from django.utils import timezone

from hiwar.common.crypto import plain_digest, seal, unseal

if TYPE_CHECKING:
    from typing import Any

OUTLIVES = timedelta(days=30)
PLACEHOLDER = "{link}"


def forwards(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    private_link = apps.get_model("common", "PrivateLink")
    now = timezone.now()
    for invitation in apps.get_model("events", "Invitation").objects.select_related("event"):
        link = private_link(
            purpose="events.invitation",
            digest=plain_digest(invitation.secret),
            ends_on=invitation.event.ends_on + OUTLIVES,
            made_at=invitation.added_at,
            withdrawn_at=now if invitation.is_withdrawn else None,
        )
        if not invitation.is_withdrawn and invitation.event.ends_at >= now:
            link.sealed = seal(invitation.secret.encode(), _place(link))
        link.save()
        _name_the_place(invitation)
        invitation.private_link = link
        invitation.secret = None
        invitation.save(update_fields=["private_link", "secret"])
    for feed in apps.get_model("events", "CalendarFeed").objects.all():
        feed.private_link = private_link.objects.create(
            purpose="events.calendar",
            digest=plain_digest(feed.secret),
            made_at=feed.made_at,
            withdrawn_at=feed.revoked_at,
        )
        feed.secret = None
        feed.save(update_fields=["private_link", "secret"])


def _name_the_place(invitation: Any) -> None:
    address = re.compile(rf"\S*/e/{re.escape(invitation.secret)}")
    for message in invitation.messages.all():
        message.body = address.sub(PLACEHOLDER, message.body)
        message.calendar = address.sub(PLACEHOLDER, message.calendar)
        message.save(update_fields=["body", "calendar"])


def backwards(apps: Any, schema_editor: Any) -> None:
    # Deleting as models do would ask rooms whose way back is done already.
    private_links = apps.get_model("common", "PrivateLink").objects
    for kind in ("Invitation", "CalendarFeed"):
        for row in apps.get_model("events", kind).objects.select_related("private_link"):
            link, row.private_link = row.private_link, None
            row.secret = _token(link) or secrets.token_urlsafe(18)
            if kind == "CalendarFeed":
                row.revoked_at = link.withdrawn_at
            row.save()
            private_links.filter(pk=link.pk)._raw_delete(schema_editor.connection.alias)


def _token(link: Any) -> str:
    try:
        return unseal(bytes(link.sealed), _place(link)).decode() if link.sealed else ""
    except InvalidTag:
        return ""


def _place(link: Any) -> str:
    return f"common.privatelink:{link.pk}"


class Migration(migrations.Migration):
    dependencies = [("events", "0002_private_links")]

    operations = [migrations.RunPython(forwards, backwards)]
