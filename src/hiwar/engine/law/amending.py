"""Formulas of amending instruments, read into operations; what is not understood is given back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.addresses import part_of
from hiwar.engine.law.folding import Folded, fold
from hiwar.engine.law.formulas import ARABIC, ENGLISH, FRENCH, Formulas
from hiwar.engine.law.lexicon import lexicon
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import Number, arabic_number, letter_rank
from hiwar.engine.law.operations import Amendment, Force, Note, Operation, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.engine.law.operations import OperationKind
    from hiwar.engine.law.structure import Law, Provision

_QUOTES = '“”«»"'
_NOTES = (
    ("general_repeal", r"(?:يلغي|تلغي)\s+(?:كل|اي|جميع)\b|all provisions .{0,200} contrary|"
     r"abrogee?s? toutes? dispositions? contraires?|dispositions? contraires? .{0,60}\babrogee"),
    ("definition", r"يشار الي\b.{0,260}(?:القانون|القرار|النظام|المرسوم)\S* الاصلي|hereinafter|"
     r"ci-apres"),
    ("naming", r"^يسمي هذا\b|this (?:law|act) may be cited"),
    ("submission", r"يعرض هذا\b.{0,120}المجلس التشريعي"),
    ("execution", r"على الجهات|علي الجهات|علي الجهه|علي (?:الوزراء|الوزير)\b.{0,80}تنفيذ|"
     r"\b(?:implementation|implementing|execution|executing) (?:of )?this (?:law|act|decree)|"
     r"charge[es]* de l'execution"),
    ("force", r"^(?:ينشر|يعمل ب|ويعمل ب)\b|^(?:ينشر|يعمل)|(?:comes?|enters?) into force|"
     r"entre(?:nt)? en vigueur"),
)  # fmt: skip
_LENGTH = re.compile(
    r"بعد\s+(?:مضي\s+|مرور\s+)?(?:مده\s+)?[(]?(\d{1,3}|[^\W\d_]+)[)]?\s*(?:يوما?|ايام|شهرا?|اشهر|شهر)"
)

_LATIN_LENGTH = re.compile(
    r"(\w+)\s+(?:days|months|jours|mois)\s+(?:after|following|apres|suivant)"
)
_SPELLED = (
    lexicon("en").numbers | {"thirty": 30, "sixty": 60, "ninety": 90},
    lexicon("fr").numbers | {"trente": 30, "soixante": 60},
)
# Paragraphs may be lettered behind their number, as in 2a.
_PART_NUMBER = re.compile(
    r"\s*[()]?\s*(\d{1,3})\s*([a-z])?(?![^\W_])\s*[()]?|\s*[()]?\s*([^\W\d_])(?![^\W_])\s*[()]?"
)
_LONGEST_SPAN = 300
# What an order says before the new text; the formulas look no further.
_LONGEST_ORDER = 3000
_BRACKETED = re.compile(r"\s?\(\s*(\d{1,3}|[a-z])\s*\)")
_FIGURE = re.compile(r"\s*(\d{1,4}[a-z]?)(?=\s?\()")


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
        for source, about in _sentences(article, law.language):
            folded = fold(source)
            if (stated := _force(folded)).counts_from != "unknown":
                force = stated
            if kind := _note(folded):
                notes.append(Note(kind, article.eid, source))
                continue
            sentence = _Sentence(source, article.eid, about=about, language=law.language, base=base)
            ordered = list(sentence.operations())
            if not ordered:
                reason = "several" if sentence.orders_several else "formula"
                unread.append(Unread(article.eid, source, reason))
            for operation in ordered:
                reason = _fault(operation, base)
                if reason:
                    unread.append(Unread(article.eid, source, reason))
                else:
                    operations.append(operation)
    return Amendment(tuple(operations), tuple(unread), tuple(notes), force)


def _formulas_of(source: str, language: str) -> Formulas:
    if re.search(r"[\u0621-\u064a]", source):
        return ARABIC
    return FRENCH if language == "fr" else ENGLISH


def _sentences(article: Provision, language: str) -> Iterator[tuple[str, str]]:
    """Yield the orders of an article with what says what they are about.

    An order is its own text, or each of its paragraphs: a paragraph that orders something by itself
    is a sentence; the others belong to the new text. «تعدل المادة (6) على النحو الآتي» says what
    the paragraphs below it are about.
    """
    formulas = _formulas_of(f"{article.heading}\n{article.full_text()}", language)
    # A first line that ends in a dash looks like a title: "For section 5 substitute—".
    titled = f"{article.heading}\n" if article.heading.endswith(("-", "–", "—", ":")) else ""
    orders = [bool(formulas.verbs.search(fold(child.full_text()))) for child in article.children]
    opening = titled + article.text
    folded = fold(opening)
    if article.children and any(orders) and not formulas.new_text.search(folded):
        is_about = opening and formulas.verbs.search(folded)
        for child in article.children:
            yield child.full_text(), opening if is_about else ""
        return
    yield titled + article.full_text(), ""


def _note(folded: Folded) -> str:
    orders = any(formulas.verbs.search(folded) for formulas in (ARABIC, ENGLISH, FRENCH))
    for kind, pattern in _NOTES:
        if re.search(pattern, folded):
            if orders and kind in {"definition", "naming", "execution", "force"}:
                # «يعمل به» may stand behind an order; then the order decides.
                return "" if kind != "definition" else kind
            return kind
    return ""


def _force(folded: Folded) -> Force:
    if not re.search(r"يعمل ب|نفاذ|into force|en vigueur", folded):
        return Force("unknown")
    counted = "issue" if re.search(r"تاريخ (?:صدوره|اصداره|توقيعه)", folded) else "publication"
    if not re.search(r"نشره|صدوره|اصداره|توقيعه|publication|publie", folded):
        return Force("unknown")
    if re.search(r"اليوم التالي|\bday (?:after|following)|lendemain", folded):
        return Force("publication" if counted == "publication" else "issue", 1)
    since: Literal["publication", "issue"] = "issue" if counted == "issue" else "publication"
    match = _LENGTH.search(folded) or _LATIN_LENGTH.search(folded)
    if not match:
        return Force(since)
    number = _cardinal(match[1])
    unit: Literal["day", "month"] = "day"
    if re.search(r"شهر|اشهر|month|mois", match[0]):
        unit = "month"
    return Force(since, number, unit) if number else Force("unknown")


def _cardinal(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if spelled := arabic_number(written):
        return spelled[0]
    return next((known[written] for known in _SPELLED if written in known), 0)


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

    def __init__(
        self, source: str, by: str, *, about: str, language: str, base: Law | None
    ) -> None:
        self.source, self.folded, self.by, self.base = source, fold(source), by, base
        self.formulas = _formulas_of(source, language)
        name = {id(ARABIC): "ar", id(FRENCH): "fr"}.get(id(self.formulas), "en")
        self.words = lexicon(name)
        edge = "" if self.formulas is ARABIC else r"(?<![^\W\d_])"
        self.article = re.compile(edge + self.words.article.pattern)
        self.about = ""
        self.shown = f"{about.rstrip(': ')} {source}" if about else source
        self.orders_several = False
        if about:
            self.about = next(self.targets(fold(about), 0), "")

    def operations(self) -> Iterator[Operation]:
        """Yield what is ordered; nothing where two things are, since it may be either."""
        formulas = self.formulas
        text = formulas.new_text.search(self.folded, 0, _LONGEST_ORDER)
        if text is None and len(self.folded) > _LONGEST_ORDER:
            return
        end = text.end() if text and formulas.verb_last else text.start() if text else None
        head = str(self.folded[:end])
        new = self.written(text.end()) if text else ""
        if (phrases := self._phrases()) is not None:
            yield from phrases
            return
        if self._orders_several(head, text is not None):
            self.orders_several = True
        elif suspended := formulas.suspended.search(head):
            for target in self._beside(head, suspended):
                yield self._of("suspension", target)
        elif inserted := _first(formulas.inserted, head):
            yield from self._insertion(head, inserted.end(), new)
        elif added := _first(formulas.added, head):
            yield from self._addition(head, added, new)
        elif formulas.untold and formulas.untold.search(head):
            yield from self._untold(head, new)
        elif text:
            named = [*self.targets(head, 0)]
            if len(named) == 1:
                yield self._of("substitution", named[0], text=self._body(new, named[0]))
            self.orders_several = len(named) > 1
        else:
            yield from self._repeals(head)

    def _repeals(self, head: str) -> Iterator[Operation]:
        repealed = self.formulas.repealed.search(head)
        renumber = self.formulas.renumbered.search(head)
        if repealed:
            start = 0 if self.formulas.verb_last else repealed.end()
            end = renumber.start() if renumber else len(head)
            if self.formulas.verb_last and next(self.targets(head, 0, repealed.start()), ""):
                end = repealed.start()
            for target in self.targets(head, start, end):
                yield self._of("repeal", target)
        if renumber:
            yield self._of("renumbering", "")

    def _orders_several(self, head: str, has_text: bool) -> bool:
        """Return whether a sentence orders different things of different provisions."""
        formulas = self.formulas
        kinds = [
            bool(formulas.repealed.search(head)),
            has_text or any(pattern.search(head) for pattern in formulas.added),
            bool(formulas.suspended.search(head)),
        ]
        # What is put in its place is the new text of what is taken out.
        articles = {target.partition("__")[0] for target in self.targets(head, 0)}
        return sum(kinds) > 1 and len(articles) > 1

    def _beside(self, head: str, verb: re.Match[str]) -> Iterator[str]:
        """Yield what is named on the side of a verb where its object stands."""
        if not self.formulas.verb_last:
            yield from self.targets(head, verb.end())
            return
        before = [*self.targets(head, 0, verb.start())]
        yield from before or self.targets(head, verb.end())

    def written(self, start: int) -> str:
        """Return the source from a place of the folded text on."""
        return self.source[self.folded.place(start) :].strip()

    def _of(self, kind: OperationKind, target: str, **parts: str) -> Operation:
        return Operation(kind, self.by, target, source=self.shown, **parts)

    def _quoted(self, match: re.Match[str], group: int) -> str:
        place = self.folded.place
        words = self.source[place(match.start(group)) : place(match.end(group) - 1) + 1]
        return words.strip(_QUOTES + " ")

    def _phrases(self) -> list[Operation] | None:
        """Return words replaced, taken out or put behind others; None where it is not about words.

        The list is empty where it does not say in which provision.
        """
        match, old, new = self._words_changed()
        if match is None:
            return None
        between = match.groupdict().get("between") or ""
        elsewhere = f"{self.folded[: match.start()]} {between} {self.folded[match.end() :]}"
        elsewhere = elsewhere[:_LONGEST_ORDER]
        if self.formulas.everywhere.search(self.folded):
            targets = [""]
        else:
            targets = [*dict.fromkeys(self.targets(elsewhere, 0))]
        # Another order behind the words: which of the two is meant for what, a person says.
        rest = self.folded[match.end() : _LONGEST_ORDER]
        if self.formulas.verbs.search(rest) and next(self.targets(rest, 0), ""):
            self.orders_several = True
            return []
        return [self._of("phrase", target, old=old, new=new) for target in targets]

    def _words_changed(self) -> tuple[re.Match[str] | None, str, str]:
        for pattern, old, new in self.formulas.phrases:
            if match := pattern.search(self.folded, 0, _LONGEST_ORDER):
                return match, self._quoted(match, old), self._quoted(match, new)
        for pattern, old, new in self.formulas.supplemented:
            if match := pattern.search(self.folded, 0, _LONGEST_ORDER):
                before = self._quoted(match, old)
                return match, before, f"{before} {self._quoted(match, new)}"
        if match := self.formulas.removed.search(self.folded, 0, _LONGEST_ORDER):
            return match, self._quoted(match, 1 if match[1] else match.lastindex or 1), ""
        return None, "", ""

    def _insertion(self, head: str, start: int, new: str) -> Iterator[Operation]:
        read = read_number(head, start, self.words)
        if read is None:
            return
        number, end = read
        first = start + len(head[start:]) - len(head[start:].lstrip())
        place = self.folded.place
        label = self.source[place(first) : place(end - 1) + 1].strip()
        target = part_of("article", number)
        yield self._of("insertion", target, after=self._behind(head, number), label=label,
                       text=self._body(new, target))  # fmt: skip

    def _untold(self, head: str, new: str) -> Iterator[Operation]:
        """Yield the insertion of an article whose number is that of its own text."""
        read = self._own_number(new)
        if read is None:
            return
        number, label, text = read
        target = part_of("article", number)
        yield self._of("insertion", target, after=self._behind(head, number), label=label,
                       text=text)  # fmt: skip

    def _own_number(self, new: str) -> tuple[Number, str, str] | None:
        """Return the number that a new article begins with, as written, and the rest of it."""
        text = _unquoted(new)
        folded = fold(text.partition("\n")[0])
        word = self.article.match(folded)
        start = word.end() if word else 0
        start += len(folded[start:]) - len(folded[start:].lstrip())
        read = read_number(folded, start, self.words)
        if read is None or (word is None and not folded[start : start + 1].isdecimal()):
            return None
        place = folded.place
        label = text[place(start) : place(read[1] - 1) + 1].strip()
        rest = text[place(read[1] - 1) + 1 :]
        return read[0], label, re.sub(r"^[\s.:—–-]+", "", rest)

    def _body(self, new: str, target: str) -> str:
        """Return a new text without the number that it repeats."""
        if self.formulas.verb_last and "__" not in target:
            read = self._own_number(new)
            if read and part_of("article", read[0]) == target:
                return read[2]
        text = _unquoted(new)
        own = re.match(r"[()]?\s*(\d{1,3})\s*[-.)(:]+\s*", fold(text))
        if own and target.endswith(f"__{_part_address(own[1])}"):
            return text[fold(text).place(own.end() - 1) + 1 :].strip()
        return text

    def _behind(self, head: str, number: Number) -> str:
        after = self.formulas.after.search(head)
        behind = next(self.targets(head, after.end()), "") if after else ""
        if behind:
            return behind
        base = number.base if number.bis or number.letter else number.base - 1
        before = Number(number.base, number.bis - 1) if number.bis > 1 else Number(base)
        return part_of("article", before)

    def _addition(self, head: str, added: re.Match[str], new: str) -> Iterator[Operation]:
        # The paragraph behind which it comes is not the one that it is added to.
        elsewhere = re.sub(
            rf"(?:\bafter\b|\bapres\b|\bبعد)\s+(?:l[ae]\s+|l')?{self.formulas.part.pattern}", " ",
            f"{head[: added.start(1)]} {head[added.end() :]}",
        )  # fmt: skip
        article = next(self.targets(elsewhere, 0), "")
        text = _unquoted(new)
        number, label = _PART_NUMBER.match(head[added.end() :]), ""
        if number and number[0].strip():
            place, first = self.folded.place, added.end() + number.start()
            label = self.source[place(first) : place(added.end() + number.end() - 1) + 1].strip()
        elif self.formulas.verb_last:
            # «the following paragraph is added: 3. …»: its own text has the number.
            number = _PART_NUMBER.match(fold(text))
            if number and re.match(r".*[).:\-]$", text[: number.end() + 1].rstrip()):
                label = text[: number.end()].strip().rstrip(".")
            else:
                number = None
        if not article or number is None:
            return
        # The new text often begins with its own number.
        text = re.sub(rf"^[()]?\s*{re.escape(label.strip('() .'))}\s*[-.)(:]+\s*", "", text)
        part = _part_address(number[1] or number[3], number[2] or "")
        yield self._of("addition", f"{article}__{part}", label=label, text=text)

    def targets(self, head: str, start: int, end: int | None = None) -> Iterator[str]:
        """Yield the addresses that are named, of articles with their paragraphs."""
        head = head[:end]
        many = self.formulas.articles.search(head, start)
        article = self.article.search(head, start)
        if many and (article is None or many.start() <= article.start()):
            yield from self._listed(head, many.end())
            return
        if article is None and self.about:
            inside = reversed([*self.formulas.part.finditer(head, start)])
            if parts := [part for match in inside for part in _parts(match)]:
                yield "__".join([self.about, *parts])
            elif start == 0 and head:
                yield self.about
            return
        while article:
            read = read_number(head, article.end(), self.words)
            if read is None:
                article = self.article.search(head, article.end())
                continue
            behind, stop = self._parts_behind(head, article.end(), read[1])
            before = reversed([*self.formulas.part.finditer(head, start, article.start())])
            parts = [part for match in before for part in _parts(match)]
            yield "__".join([part_of("article", read[0]), *parts, *behind])
            start = max(stop, read[1])
            article = self.article.search(head, start)

    def _parts_behind(self, head: str, start: int, end: int) -> tuple[list[str], int]:
        """Return paragraphs named behind their article, and their end: 5(2); 5, paragraph 2."""
        if self.formulas.verb_last and (figure := _FIGURE.match(head, start)):
            parts, place = [], figure.end()
            while match := _BRACKETED.match(head, place):
                parts.append(_part_address(match[1]))
                place = match.end()
            if parts:
                return parts, place
        gap = re.compile(r"\s*[,،]?\s*").match(head, end)
        match = self.formulas.part.match(head, gap.end() if gap else end)
        return (_parts(match), match.end()) if match else ([], end)

    def _listed(self, head: str, start: int) -> Iterator[str]:
        """Yield the articles of a list, with those between the ends of a span."""
        last: Number | None = None
        is_span = False
        while read := read_number(head, start, self.words):
            number, start = read
            if is_span and last is not None:
                yield from self._between(last, number)
            yield part_of("article", number)
            last = number
            joined = self.formulas.joined.match(head, start)
            if joined is None:
                return
            is_span, start = bool(joined[1]), joined.end()

    def _between(self, first: Number, last: Number) -> Iterator[str]:
        """Yield what lies between two articles: of the law that is amended, where it is known."""
        ends = part_of("article", first), part_of("article", last)
        if self.base is not None:
            order = [article.eid for article in self.base.articles()]
            if all(end in order for end in ends):
                yield from order[order.index(ends[0]) + 1 : order.index(ends[1])]
                return
        if 0 < last.base - first.base <= _LONGEST_SPAN:
            for base in range(first.base + 1, last.base):
                yield part_of("article", Number(base))


def _first(patterns: tuple[re.Pattern[str], ...], head: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.search(head))), None)


def _parts(match: re.Match[str]) -> list[str]:
    return [_part_address(value) for value in match.groups() if value]


def _part_address(written: str, letter: str = "") -> str:
    if written.isdecimal():
        return part_of("paragraph", Number(int(written), letter=letter))
    return part_of("point", Number(letter_rank(written)), is_letter=True)


def _unquoted(text: str) -> str:
    text = text.strip()
    if text[:1] in _QUOTES and text.rstrip(" .;")[-1:] in _QUOTES:
        text = text.rstrip(" .;")[1:-1]
    return text.strip()
