"""People, their roles, and how they come in; the institution's profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.sign_in import end_sessions
from hiwar.accounts.models import (
    AuthenticatorApp,
    Institution,
    Invitation,
    Passkey,
    RecoveryCode,
    Role,
    User,
)
from hiwar.accounts.queries import INVITATION, invitation_behind, the_institution
from hiwar.common import dates
from hiwar.common.actions import audit, update_record
from hiwar.common.links import actions as links
from hiwar.common.links.queries import find_link
from hiwar.common.models import PrivateLink
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

ROLES_FILE = Path(__file__).parents[1] / "roles.json"


class NotAllowed(Refused):
    """The person's roles do not carry the permission."""

    code = "not_allowed"
    message = _("Your roles do not allow this.")


class AlreadyHasAccount(Refused):
    """An account with this address exists."""

    code = "already_has_account"
    message = _("Somebody with this e-mail address has an account already.")


class InvitationClosed(Refused):
    """The link was used, withdrawn or is too old."""

    code = "invitation_closed"
    message = _("This invitation can no longer be used. Ask whoever invited you for a new one.")


class SomebodyIsInvited(Refused):
    """The first person was invited, and the link of that invitation is open."""

    code = "somebody_is_invited"
    message = _(
        "Somebody is invited already. With --again that link is closed and the house named anew."
    )


class HouseIsOpen(Refused):
    """Somebody has an account already."""

    code = "house_is_open"
    message = _("This installation has accounts already. Invite people at the desk.")


class LastAdministrator(Refused):
    """Nobody would be left who can give roles."""

    code = "last_administrator"
    message = _("Nobody else could give roles then. Give the role to another person first.")


def roles_of_the_file(path: Path = ROLES_FILE) -> list[dict[str, Any]]:
    """Return the roles that come with the software: code, name by language and permissions."""
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return entries


@transaction.atomic
def load_roles(*, at: datetime, path: Path = ROLES_FILE) -> tuple[int, int]:
    """Make the roles that are missing; return how many were made and how many were there.

    A role that exists is left as the institution has changed it; only permissions that no role
    carries yet, because a later version brought them, are given as the file gives them.
    """
    wanted = roles_of_the_file(path)
    existing = {role.code: role for role in Role.objects.all()}
    there = set(existing)
    known = {code for role in existing.values() for code in role.permissions}
    for entry in wanted:
        role = existing.get(entry["code"])
        brought = [code for code in entry["permissions"] if code not in known] if role else []
        if role and brought:
            before = list(role.permissions)
            role.permissions = [*before, *brought]
            role.full_clean()
            role.save(update_fields=["permissions"])
            changed = {"permissions": [before, role.permissions]}
            audit(None, "accounts.role.load", role, at=at, changed=changed)
    for position, entry in enumerate(wanted):
        if entry["code"] in there:
            continue
        role = Role(position=position, **entry)
        role.full_clean()
        role.save()
        audit(None, "accounts.role.load", role, at=at)
    return len(wanted) - len(there & {e["code"] for e in wanted}), len(
        there & {e["code"] for e in wanted}
    )


@transaction.atomic
def invite(
    *, actor: User, email: str, name: Mapping[str, str], role: Role, language: str, at: datetime
) -> tuple[Invitation, str]:
    """Invite a person in one role; return the invitation and the token of its link.

    Only the token's digest is kept. An older open invitation to the same address is withdrawn.
    Raises ``NotAllowed`` and ``AlreadyHasAccount``.
    """
    powers = frozenset(role.permissions)
    if not (rules.can_invite_staff(actor) and rules.can_give_role(actor, powers)):
        raise NotAllowed
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyHasAccount
    invitation = Invitation(email=email, name=name, role=role, language=language)
    return invitation, _invite(actor, invitation, at)


@transaction.atomic
def open_house(
    *, name: str, email: str, language: str, at: datetime, is_again: bool = False
) -> str:
    """Furnish an empty installation: roles, institution, the director's invitation.

    Returns the token of the invitation's link. Raises ``HouseIsOpen`` once anybody has an
    account, and ``SomebodyIsInvited`` while a link is open, which ``is_again`` closes.
    """
    if User.objects.exists():
        raise HouseIsOpen
    former = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    if former.exists():
        if not is_again:
            raise SomebodyIsInvited
        _close_links(former, at)
        former.update(withdrawn_at=at)
    load_roles(at=at)
    institution = the_institution() or Institution(modified_at=at)
    institution.name = institution.short_name = MultilingualText({language: name})
    institution.full_clean()
    institution.save()
    audit(None, "accounts.institution.open", institution, at=at)
    return _invite(
        None,
        Invitation(
            email=email,
            name={language: email},
            role=Role.objects.get(code="director"),
            language=language,
        ),
        at,
    )


def _invite(actor: User | None, invitation: Invitation, at: datetime) -> str:
    """Save an invitation and return the token of its link; only the digest is kept."""
    former = Invitation.objects.filter(
        email__iexact=invitation.email, accepted_at=None, withdrawn_at=None
    )
    _close_links(former, at)
    former.update(withdrawn_at=at)
    invitation.invited_by, invitation.invited_at = actor, at
    invitation.expires_at = at + settings.INVITATION_LIFE
    invitation.private_link, token = links.make_link(
        purpose=INVITATION, now=at, ends_on=dates.local_day(invitation.expires_at)
    )
    invitation.full_clean()
    invitation.save()
    changed = {"role": invitation.role.code}
    audit(actor, "accounts.invitation.invite", invitation, at=at, changed=changed)
    return token


def _close_links(invitations: QuerySet[Invitation], at: datetime) -> None:
    of_these = PrivateLink.objects.filter(pk__in=invitations.values("private_link"))
    links.withdraw_links(links=of_these, now=at)


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: Invitation, at: datetime) -> None:
    """Close an invitation's link; raises ``NotAllowed`` and ``InvitationClosed``."""
    if not rules.can_invite_staff(actor):
        raise NotAllowed
    if not invitation.is_open(at):
        raise InvitationClosed
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    _close_links(Invitation.objects.filter(pk=invitation.pk), at)
    audit(actor, "accounts.invitation.withdraw", invitation, at=at)


def find_invitation(*, token: str, at: datetime) -> Invitation:
    """Return the open invitation of a link; raises ``InvitationClosed``."""
    link = find_link(INVITATION, token)
    invitation = invitation_behind(link) if link is not None else None
    if invitation is None or not invitation.is_open(at):
        raise InvitationClosed
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Open the account an invitation is for.

    Raises ``InvitationClosed``, ``AlreadyHasAccount``, and ``ValidationError`` for a weak
    password.
    """
    invitation = Invitation.objects.select_for_update().get(
        pk=find_invitation(token=token, at=at).pk
    )
    if not invitation.is_open(at):
        raise InvitationClosed
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AlreadyHasAccount
    user = User(
        email=invitation.email,
        name=invitation.name,
        language=invitation.language,
        joined_at=at,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.roles.set([invitation.role])
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    links.mark_used(link=invitation.private_link, now=at)
    _close_links(Invitation.objects.filter(pk=invitation.pk), at)
    audit(user, "accounts.user.accept_invitation", user, at=at)
    return user


@transaction.atomic
def change_roles(*, actor: User, of: User, roles: Collection[Role], at: datetime) -> bool:
    """Give a person exactly these roles; return whether anything changed.

    Raises ``NotAllowed`` for a role with powers the actor does not hold, given or taken, and
    ``LastAdministrator``.
    """
    if not rules.can_change_roles(actor):
        raise NotAllowed
    before, after = {role.code: role for role in of.roles.all()}, {r.code: r for r in roles}
    for code in before.keys() ^ after.keys():
        role = before.get(code) or after[code]
        if not rules.can_give_role(actor, frozenset(role.permissions)):
            raise NotAllowed
    if before.keys() == after.keys():
        return False
    of.roles.set(roles)
    refuse_house_without_keys()
    changed = {"roles": [sorted(before), sorted(after)]}
    audit(actor, "accounts.user.change_roles", of, at=at, changed=changed)
    return True


@transaction.atomic
def close_account(*, actor: User, of: User, at: datetime) -> None:
    """Close an account and end its sessions; raises ``NotAllowed`` and ``LastAdministrator``."""
    if not rules.can_close_account(actor, of) or not _is_within_powers(actor, of):
        raise NotAllowed
    of.is_active = False
    of.save(update_fields=["is_active"])
    refuse_house_without_keys()
    audit(actor, "accounts.user.close", of, at=at)
    end_sessions(actor=actor, of=of, keep=None, at=at)


@transaction.atomic
def reopen_account(*, actor: User, of: User, at: datetime) -> None:
    """Open a closed account again; raises ``NotAllowed``."""
    if not rules.can_close_account(actor, of) or not _is_within_powers(actor, of):
        raise NotAllowed
    of.is_active = True
    of.save(update_fields=["is_active"])
    audit(actor, "accounts.user.reopen", of, at=at)


@transaction.atomic
def reset_second_factor(*, actor: User, of: User, at: datetime) -> None:
    """Take away all second factors of a person who lost them, and end their sessions.

    They sign in with their password next time and are led to set up new ones. Raises
    ``NotAllowed``.
    """
    if not rules.can_reset_second_factor(actor, of) or not _is_within_powers(actor, of):
        raise NotAllowed
    for kind in (Passkey, AuthenticatorApp, RecoveryCode):
        kind.objects.filter(user=of).delete()
    audit(actor, "accounts.user.reset_second_factor", of, at=at)
    end_sessions(actor=actor, of=of, keep=None, at=at)


@transaction.atomic
def change_institution(*, actor: User, changes: Mapping[str, object], at: datetime) -> bool:
    """Change the institution's profile; raises ``NotAllowed``."""
    institution = the_institution()
    if institution is None or not rules.can_change_institution(actor):
        raise NotAllowed
    if not update_record(actor=actor, record=institution, changes=changes, at=at):
        return False
    institution.modified_at = at
    institution.save(update_fields=["modified_at"])
    return True


def _is_within_powers(actor: User, of: User) -> bool:
    """Return whether every power the other person holds is one the actor holds too."""
    return all(rules.can_give_role(actor, frozenset(r.permissions)) for r in of.roles.all())


def refuse_house_without_keys() -> None:
    """Keep at least one active person who can give roles, whatever is being changed."""
    active = User.objects.filter(is_active=True).prefetch_related("roles")
    if not any("accounts.change_roles" in r.permissions for u in active for r in u.roles.all()):
        raise LastAdministrator
