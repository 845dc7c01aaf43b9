"""Letters of asks: how they are addressed on a day, what a link opens, who may be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from hiwar.accounts.queries import the_institution
from hiwar.asks.models import Answer, AnswerLink, AskPoint, Letter
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.standing import standing_answers
from hiwar.contacts.queries.addresses import address_of
from hiwar.contacts.queries.holders import holder_of
from hiwar.contacts.queries.people import posts_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee
    from hiwar.common.models import PrivateLink

ANSWER = "asks.answer"


def letters_for(user: User) -> QuerySet[Letter]:
    """Return the letters of asks that a user may read, to posts that they may, the latest first."""
    asks = asks_for(user).order_by().values("pk")
    letters = Letter.objects.filter(
        letter_addressees__addressee__ask__in=asks, post__in=posts_for(user).order_by().values("pk")
    ).distinct()
    return letters.select_related("post__organisation", "number__series", "holder").order_by(
        "-drafted_at", "pk"
    )


def addressee_of(letter: Letter) -> Addressee:
    """Return the first addressee to whom a letter carries an ask."""
    row = letter.letter_addressees.select_related("addressee__ask__dossier", "addressee__post")
    return row.earliest("pk").addressee


def frame_of(letter: Letter, signer: User, on: date) -> Mapping[str, Mapping[str, str]]:
    """Return what stands around the text of a letter on a day, by part and language.

    Parts are ``envelope``, ``salutation``, ``closing`` and ``signature``.
    """
    institution = the_institution()
    frame: dict[str, dict[str, str]] = {
        "envelope": {}, "salutation": {}, "closing": {}, "signature": {},
    }  # fmt: skip
    for language in letter.languages:
        with override(language):
            address = address_of(letter.post, language, on)
            frame["envelope"][language] = "\n".join(address.envelope)
            frame["salutation"][language] = address.salutation
            frame["closing"][language] = address.close
            lines = [str(signer), str(signer.duty), str(institution.name) if institution else ""]
            frame["signature"][language] = "\n".join(line for line in lines if line)
    return frame


def has_left(letter: Letter, on: date) -> bool:
    """Return whether the post is held by another person than the letter was written to."""
    holder = holder_of(letter.post, on)
    return (holder.pk if holder is not None else None) != letter.holder_id


def answer_link_behind(link: PrivateLink) -> AnswerLink | None:
    """Return what a private link lets somebody answer."""
    links = AnswerLink.objects.select_related(
        "addressee__ask__dossier", "addressee__ask__owner", "addressee__post__organisation",
        "letter__number__series", "private_link",
    )  # fmt: skip
    return links.filter(private_link=link).first()


def language_of_link(link: AnswerLink) -> str:
    """Return the language of the letter that carried a link."""
    return link.language


def own_answer(link: AnswerLink) -> Answer | None:
    """Return the latest answer that came by a link and was not corrected since."""
    answers = standing_answers(link.answers.order_by("recorded_at", "pk"))
    return max(answers, key=lambda answer: answer.recorded_at, default=None)


def points_of(link: AnswerLink) -> list[AskPoint]:
    """Return the points that a link asks about, in their order."""
    points = AskPoint.objects.filter(ask=link.addressee.ask)
    return list(points.select_related("provision").order_by("number", "pk"))
