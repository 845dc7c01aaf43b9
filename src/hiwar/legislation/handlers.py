"""What people write by mail about a draft: a comment of the consultation whose code they name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hiwar.common.post import Taken
from hiwar.common.refusals import Refused
from hiwar.common.scripts import language_of_text
from hiwar.legislation.actions.consultations import Said, take_comment
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.by_mail import consultations_named, own_words

if TYPE_CHECKING:
    from hiwar.common.post import Received

# A mail that is read twice is one comment.
SPACE = UUID("0c7a5d3e-4f0b-4c68-9f55-5b6d8d1f2e90")


def take_mail(received: Received) -> Taken | None:
    """Take a mail that names a consultation as a comment on it, which nobody may publish.

    None for a mail that names none; what cannot be taken is for a person.
    """
    named = consultations_named(f"{received.subject}\n{received.text}")
    if not named:
        return None
    if len(named) > 1:
        return Taken(is_done=False, note=_("names more than one consultation"))
    text = own_words(received.text)
    if not text:
        return Taken(is_done=False, note=_("a comment without words of its own"))
    said = Said(
        text, language_of_text(text), Comment.Submitter.OTHER, contact=received.sender,
        channel=Comment.Channel.EMAIL,
    )  # fmt: skip
    try:
        take_comment(
            consultation=named[0], said=said, key=uuid5(SPACE, str(received.key)), now=received.at
        )
    except (Refused, ValidationError):
        return Taken(is_done=False, note=_("a comment that this consultation does not take"))
    return Taken(is_done=True, note=_("a comment on a draft"))
