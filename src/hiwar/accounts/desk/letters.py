"""The two letters this room writes: short, neutral, without a word about the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from hiwar.accounts.sealing import digest

if TYPE_CHECKING:
    from hiwar.accounts.models import Invitation, User

ONE_LETTER_PER = timedelta(minutes=10)


def may_send(email: str, at: datetime) -> bool:
    """Return whether this address may be written to: nobody is to be flooded with letters."""
    key = digest(
        "letters", f"{email.casefold()}|{at.timestamp() // ONE_LETTER_PER.total_seconds()}"
    )
    return bool(cache.add(key, 1, ONE_LETTER_PER.total_seconds()))


def invitation_address(token: str) -> str:
    """Return the link of an invitation, built from the configured address of the desk."""
    return f"{settings.DESK_ORIGIN}{reverse('accounts:accept', args=[token])}"


def send_invitation(invitation: Invitation, token: str) -> None:
    """Write the invitation's link to the person it is for, in their language."""
    with translation.override(invitation.language):
        _send(
            _("Your account"),
            "accounts/letter_invitation.txt",
            invitation.email,
            {"invitation": invitation, "address": invitation_address(token)},
        )


def send_password_link(user: User) -> None:
    """Write the link for a new password, in the person's language."""
    key = urlsafe_base64_encode(force_bytes(str(user.pk)))
    path = reverse("accounts:reset", args=[key, default_token_generator.make_token(user)])
    with translation.override(user.language):
        _send(
            _("New password"),
            "accounts/letter_password.txt",
            user.email,
            {"user": user, "address": f"{settings.DESK_ORIGIN}{path}"},
        )


def _send(subject: str, template: str, to: str, context: dict[str, object]) -> None:
    send_mail(subject, render_to_string(template, context), None, [to])
