"""The two letters this room writes: short, neutral, without a word about the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from hiwar.accounts.queries import INVITATION, user_by_email
from hiwar.common.crypto import digest
from hiwar.common.links.purposes import address
from hiwar.common.post import Content, Draft, Purpose, post

if TYPE_CHECKING:
    from hiwar.accounts.models import Invitation, User

ONE_LETTER_PER = timedelta(minutes=10)
PASSWORD, LINK = "accounts.password", "{link}"


def may_send(email: str, at: datetime) -> bool:
    """Return whether this address may be written to: nobody is to be flooded with letters."""
    key = digest(
        "letters", f"{email.casefold()}|{at.timestamp() // ONE_LETTER_PER.total_seconds()}"
    )
    return bool(cache.add(key, 1, ONE_LETTER_PER.total_seconds()))


def invitation_address(token: str) -> str:
    """Return the link of an invitation, built from the configured address of the desk."""
    return address(INVITATION, token)


def post_invitation(invitation: Invitation, token: str, actor: User, at: datetime) -> None:
    """Hand in the letter with an invitation's link, in the language of the person it is for."""
    with translation.override(invitation.language):
        text = render_to_string(
            "accounts/letter_invitation.txt", {"invitation": invitation, "address": LINK}
        )
        draft = Draft(
            key=uuid4(),
            purpose=INVITATION,
            language=invitation.language,
            recipient=invitation.email,
            subject=_("Your account"),
            text=text.strip(),
            secrets={LINK: invitation_address(token)},
            actor=actor.pk,
            expires_at=invitation.expires_at,
        )
    post(draft, at=at)


def post_password_request(email: str, at: datetime) -> None:
    """Hand in that somebody asks for a new password at an address, known or not.

    Both are answered alike, in words and in time: whether anybody has the address is looked up
    beside the requests, and for a stranger nothing is sent and nothing kept.
    """
    language = get_language() or settings.LANGUAGE_CODE
    post(
        Draft(
            key=uuid4(),
            purpose=PASSWORD,
            language=language,
            recipient=email,
            expires_at=at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        ),
        at=at,
    )


def compose_password_link(_key: UUID, recipient: str, _at: datetime) -> Content | None:
    """Write the link for a new password, in the person's language; None for who has no account."""
    user = user_by_email(recipient)
    if user is None:
        return None
    key = urlsafe_base64_encode(force_bytes(str(user.pk)))
    path = reverse("accounts:reset", args=[key, default_token_generator.make_token(user)])
    with translation.override(user.language):
        text = render_to_string("accounts/letter_password.txt", {"user": user, "address": LINK})
        return Content(
            language=user.language,
            subject=_("New password"),
            text=text.strip(),
            secrets={LINK: f"{settings.DESK_ORIGIN}{path}"},
        )


PURPOSES = (
    Purpose(INVITATION, pgettext_lazy("purpose", "account"), is_urgent=True),
    Purpose(
        PASSWORD,
        pgettext_lazy("purpose", "new password"),
        is_urgent=True,
        compose=compose_password_link,
    ),
)
