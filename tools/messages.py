"""Messages: `extract` the English, `compile` the catalogues, `check` that translations are whole.

Everything here is Python: no gettext tools are needed to set Hiwar up or to translate it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1] / "src/hiwar"
# The room that works without Django speaks Jinja; all others speak Django's templates.
JINJA_ROOMS = {"analysis"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[a-z]|\{(\w*)\}")
VOID = {"br", "wbr", "img", "hr"}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: hiwar\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms};\\n"

"""
ONE: dict[str, Any] = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "N_", "lazy"))
MANY = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
IN_CONTEXT = dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
MANY_IN_CONTEXT = dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
# A name under which messages are translated: by import, or set to a method of a catalogue.
ALIAS = re.compile(
    r"\b[dn]?p?n?gettext\w* as (\w+)|^\s*(\w+) = [\w.]*\b[dn]?p?n?gettext(?:_lazy)?$", re.MULTILINE
)
KEYWORDS = ONE | MANY | IN_CONTEXT | MANY_IN_CONTEXT


def sources(package: Path) -> Iterator[tuple[Path, str, bytes]]:
    """Yield each file that may hold messages, the method that reads it, and what is read."""
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if path.suffix == ".py" and "migrations" not in inside:
            yield path, "python", path.read_bytes()
        elif path.suffix in {".html", ".txt"} and "templates" in inside:
            if inside[0] in JINJA_ROOMS:
                yield path, "jinja2.ext:babel_extract", path.read_bytes()
            else:
                text = templatize(path.read_text("utf-8"), origin=str(path))
                # What is left around the messages is not code; only its tokens are read.
                flat = "\n".join(line.strip() for line in text.splitlines())
                yield path, "python", flat.encode()


def template(package: Path) -> Catalog:
    """Return every message that the package can say, with the files that say it."""
    catalog = Catalog(charset="utf-8")
    for path, method, content in sources(package):
        options = {"silent": "false"} if method.startswith("jinja2") else {}
        found = extract(
            method, BytesIO(content), KEYWORDS, ["Translators:"], options, strip_comment_tags=True
        )
        for _line, message, comments, context in found:
            place = (path.relative_to(package.parent).as_posix(), 0)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def unread(package: Path) -> list[str]:
    """Return the names under which a module translates and which the extraction does not read."""
    return [
        f"{path.relative_to(package)}: what {alias}() says is not read"
        for path in sorted(package.rglob("*.py"))
        for names in ALIAS.findall(path.read_text("utf-8"))
        for alias in names
        if alias and alias not in KEYWORDS
    ]


def catalogues(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield each language that has a catalogue, with its file."""
    for path in sorted(package.glob("locale/*/LC_MESSAGES/django.po")):
        yield path.parents[1].name, path


def read(path: Path, language: str) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in a stable order, without dates and line numbers: changes read well."""
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=92,
        sort_by_file=True,
        include_lineno=False,
        ignore_obsolete=True,
        omit_header=True,
    )
    language = catalog.locale_identifier
    header = HEADER.format(language=language, plural_forms=catalog.plural_forms.rstrip(";"))
    path.write_bytes(header.encode() + body.getvalue())


def update(package: Path) -> None:
    """Bring each catalogue up to what the package says; new messages come in empty."""
    wanted = template(package)
    for language, path in catalogues(package):
        catalog = read(path, language)
        catalog.update(wanted, no_fuzzy_matching=True)
        write(catalog, path)


def compile_all(package: Path) -> None:
    """Write the compiled form of each catalogue that is newer than its compiled form."""
    for language, path in catalogues(package):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, read(path, language))
        draft.replace(target)


def forms(text: object) -> list[str]:
    """Return the text or its plural forms as a list."""
    return [str(form) for form in text] if isinstance(text, (list, tuple)) else [str(text)]


def placeholders(text: str) -> Counter[str]:
    """Count the placeholders of a text; a doubled sign is a sign."""
    plain = text.replace("%%", "").replace("{{", "").replace("}}", "")
    return Counter(match.group() for match in PLACEHOLDER.finditer(plain))


class Tags(HTMLParser):
    """Collect the tags of a text and what is opened but not closed, or closed but not opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.open: list[str] = []
        self.stray: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.stray.append(tag)


def faults(message: Message, plurals: int) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    said, given = forms(message.id), forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if len(said) == 2 and len(given) != plurals:
        yield f"{len(given)} plural forms, not {plurals}"
    if any(not form.strip() for form in given):
        yield "empty"
        return
    most = placeholders(said[-1])
    for number, form in enumerate(given):
        found = placeholders(form)
        # Arabic says "one vote" and "two votes" without a figure; the other forms need it.
        spelled_out = len(said) == 2 and number < 3
        if found != most and not (spelled_out and found <= most):
            yield f"placeholders {sorted(found)} where the English has {sorted(most)}"
        tags, all_tags = Tags(form), Tags(said[-1]).seen
        same = tags.seen == all_tags or (spelled_out and tags.seen <= all_tags)
        if tags.open or tags.stray or not same:
            yield "its tags are not those of the English, or do not close"
        if form[:1].isspace() != said[0][:1].isspace():
            yield "begins with a space where the English does not, or the reverse"


def check(package: Path) -> list[str]:
    """Return every fault of every catalogue; an empty list means that all is well."""
    wanted = {(m.context, forms(m.id)[0]) for m in template(package) if m.id}
    found = unread(package)
    for language, path in catalogues(package):
        catalog = read(path, language)
        known = {(m.context, forms(m.id)[0]): m for m in catalog if m.id}
        plurals = catalog.num_plurals
        if language == "ar" and "nplurals=6" not in path.read_text("utf-8"):
            found.append(f"{language}: the header does not declare six plural forms")
        found += [f"{language}: not in the catalogue: {key[1]!r}" for key in wanted - set(known)]
        found += [f"{language}: nobody says any more: {key[1]!r}" for key in set(known) - wanted]
        found += [
            f"{language}: {fault}: {key[1]!r}"
            for key, message in known.items()
            for fault in faults(message, plurals)
        ]
    return sorted(found)


def main(arguments: list[str]) -> int:
    """Do what the one argument says."""
    match arguments:
        case ["extract"]:
            update(PACKAGE)
        case ["compile"]:
            compile_all(PACKAGE)
        case ["check"]:
            found = check(PACKAGE)
            sys.stdout.writelines(f"{fault}\n" for fault in found)
            sys.stdout.write(f"messages: {len(found)} faults\n" if found else "messages: whole\n")
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: messages.py extract|compile|check\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
