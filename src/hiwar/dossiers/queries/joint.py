"""Questions about joint statements: which one may read, what is public, who signed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.queries import readable_by
from hiwar.common.crypto import plain_digest
from hiwar.common.multilingual import MultilingualText, direction, installation_languages
from hiwar.common.templatetags.components import number as written
from hiwar.dossiers.models import Dossier, JointPrint, JointStatement, JointText, Signature
from hiwar.dossiers.queries.dossiers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.dossiers.queries.dossiers import Reader

S = JointText.State
WITHDRAWN = "withdrawn"
BREAK = re.compile(r"(?:\r?\n[ \t]*){2,}")


@dataclass(frozen=True, slots=True)
class Signatory:
    """An organisation in the list of those who signed, as everybody may read it."""

    number: int
    name: MultilingualText
    signed_at: datetime
    is_reserved: bool
    reservation: str
    reservation_language: str
    paragraph: int | None

    @property
    def reservation_direction(self) -> str:
        """In which direction the reservation runs."""
        return direction(self.reservation_language or installation_languages()[0])


@dataclass(frozen=True, slots=True)
class Signatories:
    """Who signed a version, in the order of signing, with the counts that every door shows.

    ``mark`` changes whenever the list does.
    """

    rows: tuple[Signatory, ...]
    mark: str

    @property
    def count(self) -> int:
        """How many organisations signed, with reservation or without."""
        return len(self.rows)

    @property
    def reserved(self) -> tuple[Signatory, ...]:
        """Those who signed with reservation, in the order of signing."""
        return tuple(row for row in self.rows if row.is_reserved)

    @property
    def sentence(self) -> str:
        """The counts in one sentence, in the reader's language."""
        signed = ngettext("%(n)s organisation signed", "%(n)s organisations signed", self.count)
        sentence = signed % {"n": written(self.count)}
        held = len(self.reserved)
        if not held:
            return _("%(signed)s, none of them with reservation.") % {"signed": sentence}
        some = ngettext(
            "%(signed)s, %(n)s of them with reservation.",
            "%(signed)s, %(n)s of them with reservation.",
            held,
        )
        return some % {"signed": sentence, "n": written(held)}


def standing_signatures(text: JointText) -> QuerySet[Signature]:
    """Return the signatures that stand under a version, in the order of signing."""
    signatures = Signature.objects.filter(text=text, replaced_at=None, withdrawn_at=None)
    return signatures.order_by("signed_at", "position", "pk")


def signatories(text: JointText) -> Signatories:
    """Return who signed a version: the one question that page, print and files all ask."""
    signatures = list(standing_signatures(text))
    rows = tuple(
        Signatory(
            number=number,
            name=signature.organisation_name,
            signed_at=signature.signed_at,
            is_reserved=signature.is_reserved,
            reservation=signature.reservation,
            reservation_language=signature.reservation_language,
            paragraph=signature.paragraph,
        )
        for number, signature in enumerate(signatures, 1)
    )
    return Signatories(
        rows, plain_digest(" ".join(str(signature.pk) for signature in signatures))[:16]
    )


def readable_statements(user: Reader) -> QuerySet[JointStatement]:
    """Return the joint statements a person may read at the desk, the newest first.

    None that belongs to a dossier closed to them.
    """
    joint_statements = JointStatement.objects.filter(
        readable_by(user, JointStatement), readable_by(user, Dossier, path="dossier__")
    )
    return joint_statements.select_related("dossier", "owner").order_by("-created_at", "pk")


def search_statements(
    user: Reader, words: str = "", state: str = ""
) -> list[tuple[JointStatement, JointText]]:
    """Return the readable statements whose newest version has all the words, the newest first.

    ``state`` is a state of the newest version, or the word for statements that were withdrawn.
    """
    listed = list(readable_statements(user))
    texts = latest_texts(listed)
    wanted = plain(words).split()
    matching = []
    for joint_statement in listed:
        text = texts[joint_statement.pk]
        text.statement = joint_statement
        now = WITHDRAWN if joint_statement.withdrawn_at is not None else text.state
        whole = plain(" ".join([*text.title.values(), *text.text.values(), joint_statement.code]))
        if state in {"", now} and all(word in whole for word in wanted):
            matching.append((joint_statement, text))
    return matching


def texts_of(statement: JointStatement) -> list[JointText]:
    """Return the versions of a statement, the newest first."""
    return list(statement.texts.select_related("published_by").order_by("-number", "pk"))


def latest_texts(statements: list[JointStatement]) -> dict[object, JointText]:
    """Return the newest version of each statement by the statement's key: one query."""
    joint_texts = JointText.objects.filter(statement__in=statements).order_by("number", "pk")
    return {text.statement_id: text for text in joint_texts}


def latest_text(statement: JointStatement) -> JointText:
    """Return the newest version; a statement has at least one."""
    return statement.texts.order_by("-number", "pk")[0]


def open_text(statement: JointStatement) -> JointText | None:
    """Return the version that is open for signature, if there is one."""
    if statement.withdrawn_at is not None:
        return None
    return statement.texts.filter(state=S.OPEN).first()


def signing_text(statement: JointStatement) -> JointText | None:
    """Return the version that signatories are shown: the last that was ever open for signature."""
    shown = statement.texts.exclude(state__in=(S.DRAFT, S.REPLACED))
    return shown.order_by("-number", "pk").first()


def public_statements() -> list[JointText]:
    """Return the newest published version of every statement that stands, the newest first."""
    joint_texts = JointText.objects.filter(state=S.PUBLISHED, statement__withdrawn_at=None)
    newest: dict[object, JointText] = {}
    for joint_text in joint_texts.select_related("statement").order_by("number", "pk"):
        newest[joint_text.statement_id] = joint_text
    return sorted(newest.values(), key=_published_at, reverse=True)


def _published_at(text: JointText) -> tuple[datetime, str]:
    assert text.published_at is not None  # noqa: S101 - a constraint of the table
    return text.published_at, str(text.pk)


def published_texts(code: str) -> list[JointText]:
    """Return the published versions under an address, the newest first; none when nothing is."""
    joint_texts = JointText.objects.filter(statement__code=code, state=S.PUBLISHED)
    return list(joint_texts.select_related("statement").order_by("-number", "pk"))


def print_of(text: JointText, language: str) -> JointPrint | None:
    """Return the finished PDF of a version in a language."""
    return text.prints.filter(language=language, state=JointPrint.State.DONE).first()


def paragraphs(text: Mapping[str, str], language: str) -> list[str]:
    """Return the paragraphs of a text as a reader of a language is shown them."""
    shown = MultilingualText(text).in_language(language)
    return [paragraph.strip() for paragraph in BREAK.split(shown.strip()) if paragraph.strip()]


def most_paragraphs(text: JointText) -> int:
    """Return how many paragraphs the version has in the language that has most."""
    return max((len(paragraphs(text.text, language)) for language in text.text), default=0)
