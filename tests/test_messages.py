"""The Arabic catalogue is whole, and the checks that say so can see each kind of fault."""

from __future__ import annotations

import gettext
from typing import TYPE_CHECKING

import pytest
from tools import messages

if TYPE_CHECKING:
    from pathlib import Path

HEADER = messages.HEADER.format(
    language="ar",
    plural_forms="nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 :"
    " n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5",
)
CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext

def lines(count, name):
    return (
        _("Good morning, %(name)s.") % {"name": name},
        ngettext("%(count)d vote", "%(count)d votes", count),
        pgettext("month", "May"),
    )
"""
TEMPLATE = """{% load i18n %}
<h1>{% translate "It's open" %}</h1>
{% blocktranslate trimmed %}Read <b>the rules</b>
first.{% endblocktranslate %}
{{ _("Close the window") }}
"""
JINJA = """<p>{{ _("How sure we are") }}</p>
{% trans n=total %}{{ n }} person{% pluralize %}{{ n }} people{% endtrans %}"""
WHOLE = {
    "Good morning, %(name)s.": 'msgstr "صباح الخير يا %(name)s."',
    "%(count)d vote": "\n".join(
        f'msgstr[{number}] "{text}"'
        for number, text in enumerate(
            ["لا أصوات", "صوت واحد", "صوتان", "%(count)d أصوات", "%(count)d صوتًا", "%(count)d صوت"]
        )
    ),
    "May": 'msgstr "أيار"',
    "It's open": 'msgstr "مفتوح"',
    "Read <b>the rules</b> first.": 'msgstr "اقرأ <b>القواعد</b> أولًا."',
    "Close the window": 'msgstr "أغلق النافذة"',
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    room = tmp_path / "hiwar/papers"
    (room / "templates/papers").mkdir(parents=True)
    (room / "actions.py").write_text(CODE, "utf-8")
    (room / "templates/papers/paper_detail.html").write_text(TEMPLATE, "utf-8")
    (tmp_path / "hiwar/locale/ar/LC_MESSAGES").mkdir(parents=True)
    return tmp_path / "hiwar"


def catalogue(package: Path, changes: dict[str, str] | None = None, extra: str = "") -> Path:
    """Write the whole catalogue with some translations changed."""
    path = package / "locale/ar/LC_MESSAGES/django.po"
    parts = [HEADER]
    for english, arabic in (WHOLE | (changes or {})).items():
        before = 'msgctxt "month"\n' if english == "May" else ""
        plural = 'msgid_plural "%(count)d votes"\n' if english == "%(count)d vote" else ""
        parts.append(f'{before}msgid "{english}"\n{plural}{arabic}\n\n')
    path.write_text("".join(parts) + extra, "utf-8")
    return path


@pytest.mark.costly("extracts the words of the whole house")
def test_house_catalogue_is_whole() -> None:
    assert messages.check(messages.PACKAGE) == []


def test_check_accepts_whole_catalogue(package: Path) -> None:
    catalogue(package)
    assert messages.check(package) == []


@pytest.mark.parametrize(
    ("english", "arabic", "fault"),
    [
        ("May", 'msgstr ""', "empty"),
        ("Close the window", '#, fuzzy\nmsgstr "أغلق"', "fuzzy"),
        ("Good morning, %(name)s.", 'msgstr "صباح الخير"', "placeholders"),
        ("Good morning, %(name)s.", 'msgstr "صباح الخير %(nome)s"', "placeholders"),
        ("Read <b>the rules</b> first.", 'msgstr "اقرأ <b>القواعد أولًا."', "tags"),
        ("It's open", 'msgstr " مفتوح"', "begins with a space"),
        (
            "%(count)d vote",
            'msgstr[0] "صوت"\nmsgstr[1] "صوت"\nmsgstr[2] "صوتان"\nmsgstr[3] "أصوات"\n'
            'msgstr[4] "%(count)d صوتًا"\nmsgstr[5] "%(count)d صوت"',
            "placeholders",
        ),
        (
            "%(count)d vote",
            'msgstr[0] "صوت"\nmsgstr[1] "صوت"\nmsgstr[2] "صوتان"\nmsgstr[3] "%(count)d أصوات"\n'
            'msgstr[4] ""\nmsgstr[5] "%(count)d صوت"',
            "empty",
        ),
    ],
)
def test_check_sees_fault(package: Path, english: str, arabic: str, fault: str) -> None:
    path = catalogue(package, {english: arabic})
    if "fuzzy" in arabic:
        text = path.read_text("utf-8").replace("#, fuzzy\n", "")
        path.write_text(text.replace(f'msgid "{english}"', f'#, fuzzy\nmsgid "{english}"'), "utf-8")
    found = messages.check(package)
    assert len(found) == 1, found
    assert fault in found[0]
    assert english in found[0]


def test_check_sees_message_that_is_not_in_the_catalogue(package: Path) -> None:
    catalogue(package)
    (package / "papers/views.py").write_text('_("New sentence.")\n', "utf-8")
    assert messages.check(package) == ["ar: not in the catalogue: 'New sentence.'"]


def test_check_sees_a_name_of_gettext_that_is_not_read(package: Path) -> None:
    (package / "odd.py").write_text(
        "from django.utils.translation import gettext_lazy as say\n"
        "    many = words.ngettext\n    _ = words.gettext\n"
    )
    faults = messages.check(package)
    assert [f for f in faults if f.startswith("odd.py")] == [
        "odd.py: what many() says is not read", "odd.py: what say() says is not read",
    ]  # fmt: skip


def test_check_sees_message_that_nobody_says(package: Path) -> None:
    catalogue(package, extra='msgid "Old sentence."\nmsgstr "جملة قديمة."\n')
    assert messages.check(package) == ["ar: nobody says any more: 'Old sentence.'"]


def test_check_sees_wrong_number_of_plural_forms(package: Path) -> None:
    path = catalogue(package)
    path.write_text(path.read_text("utf-8").replace("nplurals=6", "nplurals=2"), "utf-8")
    assert "ar: the header does not declare six plural forms" in messages.check(package)


def test_extract_reads_the_room_without_django(package: Path) -> None:
    (package / "analysis/templates").mkdir(parents=True)
    (package / "analysis/templates/page.html").write_text(JINJA, "utf-8")
    said = {messages.forms(message.id)[-1] for message in messages.template(package)}
    assert {"How sure we are", "%(n)s people"} <= said


def test_extract_keeps_translations_and_adds_new_messages_empty(package: Path) -> None:
    path = catalogue(package)
    (package / "papers/views.py").write_text('_("New sentence.")\n', "utf-8")
    messages.update(package)
    assert messages.check(package) == ["ar: empty: 'New sentence.'"]
    before = path.read_bytes()
    messages.update(package)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("count", "form"),
    [
        *((0, "لا أصوات"), (1, "صوت واحد"), (2, "صوتان")),
        *((3, "%(count)d أصوات"), (103, "%(count)d أصوات")),
        *((11, "%(count)d صوتًا"), (99, "%(count)d صوتًا")),
        *((100, "%(count)d صوت"), (102, "%(count)d صوت")),
    ],
)
def test_compile_chooses_the_arabic_form(package: Path, count: int, form: str) -> None:
    path = catalogue(package)
    messages.compile_all(package)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.ngettext("%(count)d vote", "%(count)d votes", count) == form
