"""What is proposed to a law: as orders, as consolidated text, with conflicts and lenses touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from hiwar.common.vocabularies import entries
from hiwar.engine import law as engine
from hiwar.legislation.models import Amendment, Comment, EquityNote
from hiwar.legislation.queries.asked import asked_text, operation_of
from hiwar.legislation.queries.consultations import consultations_of, letters_of
from hiwar.legislation.queries.laws import laws_for, text_of, versions_for
from hiwar.legislation.queries.sorting import word_that_begins
from hiwar.legislation.queries.vocabularies import LENSES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Law, LawVersion

PROPOSABLE = frozenset(["article", "paragraph", "point", "annex"])


def amendments_for(user: User, law: Law) -> QuerySet[Amendment]:
    """Return the amendments of a law, on versions that a user may read, in their order."""
    if not laws_for(user).filter(pk=law.pk).exists():
        return Amendment.objects.none()
    readable = versions_for(user, law).order_by().values("pk")
    amendments = Amendment.objects.filter(law=law, version__in=readable)
    return amendments.select_related("version").prefetch_related("notes").order_by("number")


def amendments_on(user: User, version: LawVersion) -> list[Amendment]:
    """Return the amendments of a version in any of its languages, in their order."""
    on_version = amendments_for(user, version.law).filter(version__number=version.number)
    return list(on_version.prefetch_related("comments"))


def provisions_to_amend(text: engine.Law) -> list[tuple[str, str]]:
    """Return address and name of what can be amended, in the order of the law."""
    names: list[tuple[str, str]] = []
    above = ""
    for provision in text.walk():
        if provision.kind not in PROPOSABLE:
            continue
        name = " · ".join(filter(None, (provision.label, provision.heading)))
        if provision.kind in {"article", "annex"}:
            above = provision.label
        else:
            name = f"{above} › {provision.label or provision.eid}"
        names.append((provision.eid, name or provision.eid))
    return names


@dataclass(frozen=True, slots=True)
class Clash:
    """Two amendments that cannot both be carried out as they stand; ``words`` say over what."""

    code: str
    first: int
    second: int
    words: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """The amendments of a version together: the text with them, where they clash, what is left out.

    ``refused`` are numbers of amendments that could not be carried out, with the engine's reason;
    ``unspoken`` of those that have no text in this language.
    """

    text: engine.Law
    consolidated: engine.Law
    clashes: tuple[Clash, ...]
    refused: tuple[tuple[int, str], ...]
    unspoken: tuple[int, ...]


def workbench_of(version: LawVersion, amendments: Sequence[Amendment]) -> Workbench:
    """Return what amendments make of a version, in its language; withdrawn ones count for none."""
    text = text_of(version)
    taken = [part.eid for part in text.walk()]
    operations: list[engine.Operation] = []
    unspoken: list[int] = []
    for amendment in amendments:
        if amendment.state == Amendment.State.WITHDRAWN:
            continue
        operation = operation_of(amendment, version.language, taken)
        if operation is None:
            unspoken.append(amendment.number)
            continue
        operations.append(operation)
        taken.append(operation.target)
    result = engine.consolidate(text, operations)
    clashes = tuple(
        Clash(clash.code, int(clash.first.by), int(clash.second.by), clash.words)
        for first, second in combinations(operations, 2)
        for clash in engine.conflicts([first], [second], text)
    )
    refused = tuple((int(order.by), order.reason) for order in result.refused)
    return Workbench(text, result.law, clashes, refused, tuple(unspoken))


@dataclass(frozen=True, slots=True)
class TouchedLens:
    """A lens that an amendment touches: by a word of its texts, or because somebody says so."""

    code: str
    name: str
    question: str
    word: str
    note: EquityNote | None

    @property
    def is_owed(self) -> bool:
        """Whether its equity note is still to be written."""
        return self.note is None or not self.note.text


def lenses_touched(amendment: Amendment, text: engine.Law) -> list[TouchedLens]:
    """Return the lenses that an amendment touches, in the order of the list of lenses.

    Looked at are the text that changes, what is asked, whom it affects and the reason.
    """
    notes = {note.lens: note for note in amendment.notes.all()}
    asked = asked_text(amendment, text)
    words = [*amendment.text.values(), *amendment.words.values(), *amendment.affected.values(),
             *amendment.reason.values()]  # fmt: skip
    whole = "\n".join([*words, *([asked.old] if asked else [])])
    touched = []
    for code, lens in entries.entries(LENSES).items():
        word = "" if lens.is_retired else word_that_begins(whole, lens.words("words"))
        if word or code in notes:
            question = str(lens.values.get("question") or "")
            touched.append(TouchedLens(code, str(lens), question, word, notes.get(code)))
    return touched


@dataclass(frozen=True, slots=True)
class SourceLetter:
    """A letter that an amendment may come from: the comment that stands for it, and all of them."""

    leader: Comment
    comments: tuple[Comment, ...]


def letters_to_cite(
    user: User, law: Law, eid: str, cited: Collection[UUID] = ()
) -> list[SourceLetter]:
    """Return the letters on an article, on all of a law, or cited already, to choose among."""
    article = re.sub(r"__(?:para|point)_.*", "", eid)
    letters: list[SourceLetter] = []
    there = set(cited)
    for consultation in consultations_of(user, law):
        comments = {}
        for comment in consultation.comments.defer("contact").order_by("number"):
            comment.consultation = consultation
            comments[comment.pk] = comment
        grouped = letters_of(consultation, [comment.number for comment in comments.values()])
        for leader, members in grouped.members.items():
            if comments[leader].eid in {article, ""} or set(members) & there:
                letters.append(
                    SourceLetter(comments[leader], tuple(comments[key] for key in members))
                )
    letters.sort(key=lambda letter: (letter.leader.eid == "", letter.leader.number))
    return letters
