"""Digest, sealed token, last day and state of every letter move to its private link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from django.db import migrations

from hiwar.common.crypto import seal, unseal

if TYPE_CHECKING:
    from typing import Any

MOVED = ("digest", "ends_on", "made_at", "withdrawn_at")


def forwards(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    private_link = apps.get_model("common", "PrivateLink")
    for letter in apps.get_model("dossiers", "SigningLetter").objects.all():
        link = private_link(
            purpose="dossiers.signing", **{name: getattr(letter, name) for name in MOVED}
        )
        link.sealed = _sealed_anew(letter.sealed, _of_letter(letter), _of_link(link))
        link.save()
        letter.private_link = link
        letter.save(update_fields=["private_link"])


def backwards(apps: Any, schema_editor: Any) -> None:
    # Deleting as models do would ask rooms whose way back is done already.
    private_links = apps.get_model("common", "PrivateLink").objects
    letters = apps.get_model("dossiers", "SigningLetter").objects.select_related("private_link")
    for letter in letters:
        link, letter.private_link = letter.private_link, None
        letter.digest, letter.ends_on = link.digest, link.ends_on
        letter.withdrawn_at = link.withdrawn_at
        letter.sealed = _sealed_anew(link.sealed, _of_link(link), _of_letter(letter))
        letter.save()
        private_links.filter(pk=link.pk)._raw_delete(schema_editor.connection.alias)


def _sealed_anew(sealed: Any, before: str, after: str) -> bytes:
    """Return a token sealed for another place; empty where it was forgotten or does not open."""
    if not bytes(sealed):
        return b""
    try:
        return seal(unseal(bytes(sealed), before), after)
    except InvalidTag:
        return b""


def _of_letter(letter: Any) -> str:
    return f"dossiers.signingletter:{letter.pk}"


def _of_link(link: Any) -> str:
    return f"common.privatelink:{link.pk}"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_private_links")]

    operations = [migrations.RunPython(forwards, backwards)]
