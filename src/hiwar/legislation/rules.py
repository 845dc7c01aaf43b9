"""Who may read laws and their versions, and who may write them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.dossiers.models import Dossier
    from hiwar.legislation.models import Law, LawVersion

PERMISSIONS = {
    "legislation.see": _("Read laws and their versions"),
    "legislation.edit": _("Enter laws, their steps and the versions of their text"),
    "legislation.publish": _("Publish laws and versions for everybody"),
}


def can_see_laws(user: Somebody) -> bool:
    """Return whether the user may read laws at all."""
    return has_permission(user, "legislation.see")


def can_edit_procedures(user: Somebody) -> bool:
    """Return whether the user may change the procedures by which laws go, as other lists."""
    return has_permission(user, "accounts.change_vocabularies")


def can_edit_laws(user: Somebody) -> bool:
    """Return whether the user may write laws at all."""
    return has_permission(user, "legislation.edit")


def can_enter_law(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may enter a law into one dossier."""
    return can_edit_laws(user) and is_readable_by(user, dossier)


def can_edit_law(user: Somebody, law: Law) -> bool:
    """Return whether the user may add steps and versions to one law."""
    return can_edit_laws(user) and is_readable_by(user, law) and is_readable_by(user, law.dossier)


def can_read_law(user: Somebody, law: Law) -> bool:
    """Return whether the user may read one law at the desk."""
    return can_see_laws(user) and is_readable_by(user, law) and is_readable_by(user, law.dossier)


def can_read_version(user: Somebody, version: LawVersion) -> bool:
    """Return whether the user may read one version at the desk."""
    return (
        can_see_laws(user)
        and is_readable_by(user, version)
        and is_readable_by(user, version.law)
        and is_readable_by(user, version.law.dossier)
    )


def can_read_remarks(user: Somebody, version: LawVersion) -> bool:
    """Return whether the user may read what reviewers wrote beside the text of one version."""
    return can_edit_laws(user) and can_read_version(user, version)


def can_publish_laws(user: Somebody) -> bool:
    """Return whether the user may publish laws at all."""
    return has_permission(user, "legislation.publish")


def can_publish_law(user: Somebody, law: Law) -> bool:
    """Return whether the user may publish versions of one law, or take them back."""
    return (
        can_publish_laws(user) and is_readable_by(user, law) and is_readable_by(user, law.dossier)
    )
