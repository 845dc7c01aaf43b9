"""Formulas of amending instruments, read into operations; what is not understood is given back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.addresses import part_of
from hiwar.engine.law.folding import Folded, fold
from hiwar.engine.law.lexicon import lexicon
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import Number, arabic_number, letter_rank
from hiwar.engine.law.operations import Amendment, Force, Note, Operation, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.engine.law.operations import OperationKind
    from hiwar.engine.law.structure import Law, Provision

_QUOTES = '“”«»"'
_QUOTED = r"[“«\"(]\s*([^“”«»\"()]{1,200}?)\s*[”»\")]"
_NOTES = (
    ("general_repeal", r"(?:يلغي|تلغي)\s+(?:كل|اي|جميع)\b|all provisions .* contrary"),
    ("definition", r"يشار الي\b.{0,260}(?:القانون|القرار|النظام|المرسوم)\S* الاصلي|hereinafter"),
    ("naming", r"^يسمي هذا\b|this (?:law|act) may be cited"),
    ("submission", r"يعرض هذا\b.{0,120}المجلس التشريعي"),
    ("execution", r"على الجهات|علي الجهات|علي الجهه|علي (?:الوزراء|الوزير)\b.{0,80}تنفيذ"),
    ("force", r"^(?:ينشر|يعمل ب|ويعمل ب)\b|^(?:ينشر|يعمل)|comes? into force|enters? into force"),
)  # fmt: skip
_VERBS = re.compile(
    r"(?:^|\s)(?:و|ف)?(?:تعدل|يعدل|تستبدل|يستبدل|يستعاض|استبدال|تضاف|يضاف|اضافه|باضافه|تلغي|يلغي|الغاء|"
    r"تحذف|يحذف|حذف|احلال|يعاد ترقيم|يوقف|توقف|يعلق|تعلق|تعديل)\b"
    r"|\b(?:is|are|shall be)\s+(?:repealed|replaced|deleted|inserted|amended|substituted)\b"
)
_NEW_TEXT = re.compile(
    r"(?:ل(?:ت|ي)صبح|فتصبح|(?:ل|ف)تكون|النص\s+(?:الاتي|التالي)|نصها\s+(?:الاتي|كالاتي|التالي)|"
    r"علي النحو (?:الاتي|التالي)|كالاتي|بالاتي|بما يلي|ما يلي|the following|as follows)"
    r"[^:\n]{0,60}:\s*"
)
_INSERT = re.compile(
    r"(?:تضاف|يضاف|اضافه)\b[^:\n]{0,90}?\bماده\s+(?:جديده\s+)?(?:الي\b[^:\n(]{0,60}?)?"
    r"(?:ب(?:ال)?رقم|تحمل\s+(?:ال)?رقم|رقمها|رقم|(?=\())"
)
_ADD = re.compile(
    r"(?:باضافه|اضافه|تضاف|يضاف)\s+(?:الي\b[^:\n]{0,60}?)?(فقره|بند)\s*(?:جديده?|جديد)?\s*"
    r"(?:اليها\s*)?(?:ب(?:ال)?رقم|تحمل\s+(?:ال)?رقم|رقمها|رقم)?(?=\s*[(\d])"
)
_AFTER = re.compile(r"\bبعد (?:نص )?(?=الماده)|\bafter (?=article|section)")
_REPEAL = re.compile(r"(?:^|\s)(?:و|ف)?(?:تلغي|يلغي|الغاء|تحذف|يحذف|حذف)\s+(?:نص\s+|احكام\s+)?")
_RENUMBER = re.compile(r"يعاد ترقيم|ويعاد ترقيم")
_SUSPEND = re.compile(r"(?:يوقف|توقف|يعلق|تعلق|يرجا|يؤجل|يوجل)\s+(?:العمل|نفاذ|سريان|تطبيق)")
_PHRASE = re.compile(
    rf"(?:تستبدل|يستبدل|استبدال)\s+(?:ب)?(?:ال)?(?:عباره|كلمه|مصطلح|لفظ|جمله)?\s*{_QUOTED}"
    rf"(?P<between>[^“”«»\"]{{0,140}}?)(?:ب)?(?:ال)?(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}"
)
_REPLACED = re.compile(
    rf"(?:احلال|تحل|يحل)\s+(?:عباره|كلمه|مصطلح|تعريف)\s*{_QUOTED}\s*محل\s+(?:عباره|كلمه|مصطلح|تعريف)"
    rf"\s*{_QUOTED}(?P<between>)"
)
_ENGLISH_PHRASE = re.compile(
    rf"words?\s*{_QUOTED}\s*(?:is|are|shall be)\s*(?P<between>)(?:replaced|substituted)"
    rf"(?:\s+wherever\s+\w+\s+\w+)?\s*(?:by|with)\s*(?:the words?\s*)?{_QUOTED}"
)
_EVERYWHERE = re.compile(r"(?:اينما|حيثما)\s+(?:ورد|وقع|ذكر)|wherever")
_PART = re.compile(
    r"(?:(?:ال)?(?:فقره|بند)|paragraph|point)\s*[()]?\s*(\d{1,3}|[^\W\d_])\s*(?:/\s*([^\W\d_]|\d{1,3}))?"
    r"\s*[()]?\s*(?:من|of)?\s*"
)
_ARTICLES = re.compile(r"(?:المواد|المادتان|المادتين|articles|sections)\s")
_NUMBERS = re.compile(r"[()]?\s*(\d{1,4})\s*[()]?(\s*مكررا?)?")
_LENGTH = re.compile(
    r"بعد\s+(?:مضي\s+|مرور\s+)?(?:مده\s+)?[(]?(\d{1,3}|[^\W\d_]+)[)]?\s*(?:يوما?|ايام|شهرا?|اشهر|شهر)"
)


def read_amendment(law: Law, base: Law | None = None) -> Amendment:
    """Read an amending instrument.

    Parameters
    ----------
    law : Law
        The instrument, as read.
    base : Law or None
        The law that it amends; with it, orders whose target is not there are given back.

    Returns
    -------
    Amendment
        Operations, what was not understood with its sentence, notes, and when it is in force. A
        general repeal («يلغى كل ما يتعارض») names nothing and is never an operation.
    """
    operations: list[Operation] = []
    unread: list[Unread] = []
    notes: list[Note] = []
    force = Force("unknown")
    for article in law.articles():
        for source in _sentences(article):
            folded = fold(source)
            if (stated := _force(folded)).counts_from != "unknown":
                force = stated
            if kind := _note(folded):
                notes.append(Note(kind, article.eid, source))
                continue
            operations_read = list(_Sentence(source, folded, article.eid).operations())
            if not operations_read:
                unread.append(Unread(article.eid, source, "formula"))
            for operation in operations_read:
                reason = _fault(operation, base)
                if reason:
                    unread.append(Unread(article.eid, source, reason))
                else:
                    operations.append(operation)
    return Amendment(tuple(operations), tuple(unread), tuple(notes), force)


def _sentences(article: Provision) -> Iterator[str]:
    """Yield the orders of an article: its own text, or each of its paragraphs.

    A paragraph that orders something by itself is a sentence; the others belong to the new text.
    """
    orders = [bool(_VERBS.search(fold(child.full_text()))) for child in article.children]
    has_text = bool(_NEW_TEXT.search(fold(article.text)))
    if article.children and any(orders) and not has_text:
        if article.text and _VERBS.search(fold(article.text)):
            # «تعدل المادة (6) على النحو الآتي» says what its paragraphs are about.
            for child in article.children:
                yield f"{article.text.rstrip(':')} {child.full_text()}"
            return
        yield from (child.full_text() for child in article.children)
        return
    yield article.full_text()


def _note(folded: Folded) -> str:
    orders = _VERBS.search(folded)
    for kind, pattern in _NOTES:
        if re.search(pattern, folded):
            if orders and kind in {"definition", "naming", "execution", "force"}:
                # «يعمل به» may stand behind an order; then the order decides.
                return "" if kind != "definition" else kind
            return kind
    return ""


def _force(folded: Folded) -> Force:
    if not re.search(r"يعمل ب|نفاذ|into force", folded):
        return Force("unknown")
    counted = "issue" if re.search(r"تاريخ (?:صدوره|اصداره|توقيعه)", folded) else "publication"
    if not re.search(r"نشره|صدوره|اصداره|توقيعه|publication", folded):
        return Force("unknown")
    if re.search(r"اليوم التالي|day after", folded):
        return Force("publication" if counted == "publication" else "issue", 1)
    since: Literal["publication", "issue"] = "issue" if counted == "issue" else "publication"
    match = _LENGTH.search(folded) or re.search(r"(\w+) (?:days|months) after", folded)
    if not match:
        return Force(since)
    number = _cardinal(match[1])
    unit: Literal["day", "month"] = "day"
    if re.search(r"شهر|اشهر|month", match[0]):
        unit = "month"
    return Force(since, number, unit) if number else Force("unknown")


def _cardinal(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if spelled := arabic_number(written):
        return spelled[0]
    return lexicon("en").numbers.get(written, 0) or {"thirty": 30, "sixty": 60}.get(written, 0)


def _fault(operation: Operation, base: Law | None) -> str:
    """Return why an order cannot be taken, or nothing."""
    if operation.kind in {"substitution", "insertion", "addition"} and not operation.text:
        return "text"
    if base is None or operation.kind == "renumbering":
        return ""
    if operation.kind == "phrase" and not operation.target:
        return ""
    there = base.provision(operation.target) is not None
    if operation.kind in {"insertion", "addition"}:
        parent = operation.target.rpartition("__")[0]
        if there:
            return "exists"
        anchor = parent if operation.kind == "addition" else operation.after
        return "" if base.provision(anchor) is not None else "target"
    return "" if there else "target"


class _Sentence:
    """One order, with the places of its words."""

    def __init__(self, source: str, folded: Folded, by: str) -> None:
        self.source, self.folded, self.by = source, folded, by
        self.words = lexicon("ps" if re.search(r"[\u0621-\u064a]", source) else "en")

    def operations(self) -> Iterator[Operation]:
        text = _NEW_TEXT.search(self.folded)
        head = str(self.folded[: text.start()] if text else self.folded)
        new = self.written(text.end()) if text else ""
        if phrase := self._phrase():
            yield phrase
            return
        if suspended := _SUSPEND.search(head):
            for target in self.targets(head, suspended.end()):
                yield self._of("suspension", target)
            return
        if inserted := _INSERT.search(head):
            yield from self._insertion(head, inserted.end(), new)
            return
        if added := _ADD.search(head):
            yield from self._addition(head, added, new)
            return
        if text and (target := next(self.targets(head, 0), "")):
            yield self._of("substitution", target, text=_unquoted(new))
            return
        repealed = _REPEAL.search(head)
        english = re.search(r"\b(?:is|are|shall be)\s+(?:repealed|deleted)", head)
        if (repealed or english) and not text:
            start = repealed.end() if repealed else 0
            renumber = _RENUMBER.search(head)
            for target in self.targets(head, start, renumber.start() if renumber else len(head)):
                yield self._of("repeal", target)
            if renumber:
                yield self._of("renumbering", "")

    def written(self, start: int) -> str:
        """Return the source from a place of the folded text on."""
        return self.source[self.folded.place(start) :].strip()

    def _of(self, kind: OperationKind, target: str, **parts: str) -> Operation:
        return Operation(kind, self.by, target, source=self.source, **parts)

    def _phrase(self) -> Operation | None:
        match = _PHRASE.search(self.folded) or _ENGLISH_PHRASE.search(self.folded)
        groups = (1, 3)
        if not match:
            match, groups = _REPLACED.search(self.folded), (2, 1)
        if not match:
            return None
        old, new = (
            self.source[self.folded.place(match.start(g)) : self.folded.place(match.end(g) - 1) + 1]
            for g in groups
        )
        elsewhere = self.folded[: match.start()] + match["between"] + self.folded[match.end() :]
        target = "" if _EVERYWHERE.search(self.folded) else next(self.targets(elsewhere, 0), "")
        if not target and not _EVERYWHERE.search(self.folded):
            return None
        return self._of(
            "phrase", target, old=old.strip(_QUOTES + " "), new=new.strip(_QUOTES + " ")
        )

    def _insertion(self, head: str, start: int, new: str) -> Iterator[Operation]:
        read = read_number(head, start, self.words)
        if read is None:
            return
        number, end = read
        after = _AFTER.search(head)
        behind = next(self.targets(head, after.end()), "") if after else ""
        if not behind:
            base = number.base if number.bis else number.base - 1
            before = Number(number.base, number.bis - 1) if number.bis > 1 else Number(base)
            behind = part_of("article", before)
        first = start + len(head[start:]) - len(head[start:].lstrip())
        place = self.folded.place
        label = self.source[place(first) : place(end - 1) + 1].strip()
        target = part_of("article", number)
        yield self._of("insertion", target, after=behind, label=label, text=_unquoted(new))

    def _addition(self, head: str, added: re.Match[str], new: str) -> Iterator[Operation]:
        elsewhere = head[: added.start(1)] + " " + head[added.end() :]
        article = next(self.targets(elsewhere, 0), "")
        number = re.match(r"\s*[()]?\s*(\d{1,3}|[^\W\d_])\s*[()]?", head[added.end() :])
        if not article or number is None:
            return
        part = _part_address(number[1])
        place, first = self.folded.place, added.end() + number.start()
        label = self.source[place(first) : place(added.end() + number.end() - 1) + 1].strip()
        # The new text often begins with its own number.
        text = re.sub(
            rf"^[()]?\s*{re.escape(label.strip('() '))}\s*[-.)(:]+\s*", "", _unquoted(new)
        )
        yield self._of("addition", f"{article}__{part}", label=label, text=text)

    def targets(self, head: str, start: int, end: int | None = None) -> Iterator[str]:
        """Yield the addresses that are named, of articles with their paragraphs."""
        head = head[:end]
        if many := _ARTICLES.search(head, start):
            for match in _NUMBERS.finditer(head, many.end()):
                number = Number(int(match[1]), 1 if match[2] else 0)
                yield part_of("article", number)
            return
        article = self.words.article.search(head, start)
        while article:
            read = read_number(head, article.end(), self.words)
            if read is None:
                article = self.words.article.search(head, article.end())
                continue
            parts = [
                _part_address(value)
                for match in reversed(list(_PART.finditer(head, start, article.start())))
                for value in match.groups()
                if value
            ]
            yield "__".join([part_of("article", read[0]), *parts])
            start = read[1]
            article = self.words.article.search(head, start)


def _part_address(written: str) -> str:
    if written.isdecimal():
        return part_of("paragraph", Number(int(written)))
    return part_of("point", Number(letter_rank(written)), is_letter=True)


def _unquoted(text: str) -> str:
    text = text.strip()
    if text[:1] in _QUOTES and text.rstrip(" .")[-1:] in _QUOTES:
        text = text.rstrip(" .")[1:-1]
    return text.strip()
