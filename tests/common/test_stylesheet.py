"""The stylesheets keep what the design promises: direction, contrast, weight, families."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hiwar.common

COMMON = Path(hiwar.common.__file__).parent
STATIC = COMMON / "static" / "common"
SHEETS = sorted(STATIC.glob("*.css"))
DESK = (STATIC / "hiwar.css").read_text("utf-8")
DESK_ALONE = (STATIC / "desk.css").read_text("utf-8")
PARTICIPANT = (STATIC / "participant.css").read_text("utf-8")
PARTICIPANT_FONTS = sorted((STATIC / "fonts").glob("hiwar-participant-*.woff2"))

TEXT_PAIRS = [
    *((word, ground) for word in ("ink", "muted") for ground in ("paper", "surface", "sunken")),
    *(
        (word, ground)
        for word in ("primary", "accent", "danger")
        for ground in ("paper", "surface")
    ),
    *((tone, f"{tone}-soft") for tone in ("primary", "accent", "notice", "info", "danger")),
    *(("ink", f"{tone}-soft") for tone in ("primary", "notice", "info", "danger")),
    *((f"on-{fill}", fill) for fill in ("primary", "danger", "agree", "disagree", "pass")),
    ("on-primary", "primary-strong"),
    ("paper", "ink"),
    *(("paper", f"group-{letter}") for letter in "abcde"),
]
CONTROL_PAIRS = [
    *((part, ground) for part in ("edge", "focus", "primary") for ground in ("paper", "surface")),
    *((fill, "paper") for fill in ("agree", "disagree", "pass")),
]


def tokens(css: str, selector: str) -> dict[str, str]:
    """Return the colours declared in the first block that ``selector`` opens."""
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", css)
    assert block, f"no block for {selector}"
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block.group(1)))


THEMES = {
    "light": tokens(DESK, '[data-theme="light"]'),
    "dark": tokens(DESK, '[data-theme="dark"]'),
}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_the_known_ratio_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("word", "ground"), TEXT_PAIRS)
def test_text_is_readable(theme: str, word: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[word], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("part", "ground"), CONTROL_PAIRS)
def test_controls_stand_out(theme: str, part: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[part], colours[ground]) >= 3


def test_the_system_wish_for_dark_and_the_chosen_dark_are_one() -> None:
    assert tokens(DESK, ":root:not([data-theme])") == THEMES["dark"]


def test_both_themes_name_the_same_colours() -> None:
    assert THEMES["light"].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize(("at", "theme"), [(0, "light"), (1, "dark")])
def test_participants_see_the_same_colours(at: int, theme: str) -> None:
    blocks = re.findall(r":root \{ color-scheme: \w+;([^}]*)\}", PARTICIPANT)
    shown = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", blocks[at]))
    assert shown == {name: THEMES[theme][name] for name in shown}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_side_is_named(sheet: Path) -> None:
    assert re.findall(r"\b(?:left|right)\b", sheet.read_text("utf-8")) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_fetched_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    addresses = re.findall(r'url\("([^"]*)"\)', text)
    assert "@import" not in text
    assert [address for address in addresses if not (STATIC / address).is_file()] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_arabic_is_neither_spaced_nor_slanted(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    spaced = re.findall(r"([^{}]+)\{[^}]*letter-spacing", text)
    assert [selector.strip() for selector in spaced] in ([], [".codes code"])
    assert "italic" not in text
    assert "text-transform" not in text


def test_arabic_is_set_larger_and_looser() -> None:
    for sheet in (DESK, PARTICIPANT):
        size = re.search(
            r":root:lang\(ar\)[^{]*\{[^}]*--script: ([\d.]+); --leading: ([\d.]+)", sheet
        )
        assert size
        assert 1.06 <= float(size.group(1)) <= 1.10
        assert float(size.group(2)) == 1.75
        assert "--script: 1; --leading: 1.55" in re.sub(r"\s+", " ", sheet)


def test_each_family_holds_one_script() -> None:
    families: dict[str, set[str]] = {}
    for face in re.findall(r"@font-face \{([^}]*)\}", DESK + PARTICIPANT):
        name = re.search(r'font-family: "([^"]+)"', face)
        ranges = re.search(r"unicode-range: ([^;]+)", face)
        assert name
        assert ranges
        families.setdefault(name.group(1), set()).add(ranges.group(1))
    assert {name for name, ranges in families.items() if len(ranges) > 1} == set()
    arabic = {name for name, (ranges,) in families.items() if "U+0600" in ranges}
    latin = {name for name, (ranges,) in families.items() if re.search(r"U\+00[02]0", ranges)}
    assert arabic & latin == set()


def test_participants_load_little() -> None:
    assert len(PARTICIPANT.encode()) <= 8_000
    assert len(PARTICIPANT_FONTS) == 2
    assert sum(font.stat().st_size for font in PARTICIPANT_FONTS) <= 42_000


def test_every_font_names_its_licence() -> None:
    text = "".join(path.read_text("utf-8") for path in (STATIC / "fonts").glob("OFL-*.txt"))
    assert text.count("SIL OPEN FONT LICENSE Version 1.1") == 4


def class_names() -> set[str]:
    """Return the classes that the templates of the house write out in full."""
    rooms = COMMON.parent
    names: set[str] = set()
    for template in rooms.glob("*/templates/**/*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text("utf-8")):
            fixed = re.sub(r"[\w-]*\{\{[^}]*\}\}[\w-]*|\{%[^%]*%\}", " ", value)
            names.update(fixed.split())
    return names


def test_every_class_of_a_template_is_dressed() -> None:
    rooms = COMMON.parent
    found = [*rooms.glob("*/static/*/*.css"), *rooms.glob("*/templates/**/*.css")]
    sheets = "".join(sheet.read_text("utf-8") for sheet in found)
    dressed = set(re.findall(r"\.([a-z][\w-]*)", sheets))
    assert class_names() - dressed == set()


def whole_of(name: str, templates: dict[str, Path]) -> str:
    """Return a template with all that it extends, includes and draws by its name."""
    texts, known, todo = [], set(), [name]
    while todo:
        name = todo.pop()
        if name in known or name not in templates:
            continue
        known.add(name)
        text = templates[name].read_text("utf-8")
        texts.append(text)
        todo += re.findall(r'{% (?:extends|include) "([^"]+)"', text)
        parts = re.findall(r'{% (?:part|component) "([a-z_]+)"', text)
        todo += [f"common/components/{part}.html" for part in parts]
    return "".join(texts)


def test_what_only_the_sheet_of_the_desk_dresses_stands_at_the_desk() -> None:
    """A page of the site does not load `desk.css`: a class of it would stand there undressed."""
    rooms = COMMON.parent
    templates = {
        str(path).partition("/templates/")[2]: path for path in rooms.glob("*/templates/**/*.html")
    }
    others = "".join(
        sheet.read_text("utf-8")
        for sheet in rooms.glob("*/static/*/*.css")
        if sheet != STATIC / "desk.css"
    )
    alone = set(re.findall(r"\.([a-z][\w-]*)", DESK_ALONE))
    alone -= set(re.findall(r"\.([a-z][\w-]*)", others))
    faults = []
    for name, path in sorted(templates.items()):
        if "{% extends" not in path.read_text("utf-8"):
            continue
        whole = whole_of(name, templates)
        if "'common/desk.css'" in whole:
            continue
        used = {word for value in re.findall(r'class="([^"]*)"', whole) for word in value.split()}
        faults += [(name, each) for each in sorted(used & alone)]
    assert faults == []
    assert len(alone) > 40


def test_no_page_with_a_form_hides_where_it_comes_from() -> None:
    """A browser that sends no referrer sends `Origin: null` too, and the form is refused."""
    package = COMMON.parent
    faults = [
        str(path.relative_to(package))
        for path in sorted(package.rglob("templates/**/*.html"))
        if "no-referrer" in (text := path.read_text("utf-8")) and 'method="post"' in text
    ]
    assert faults == []


def test_every_tone_has_its_colours() -> None:
    """A badge whose tone has no colours says less than its words."""
    rooms = COMMON.parent
    written = {
        tone
        for template in rooms.glob("*/templates/**/*.html")
        for tone in re.findall(r'\btone="([a-z]+)"', template.read_text("utf-8"))
    }
    tables = {
        tone
        for module in rooms.rglob("*.py")
        for table in re.findall(r"TONES\b[^=]*=[^{]*\{(.*?)\}", module.read_text("utf-8"), re.S)
        for tone in re.findall(r':\s*"([a-z]*)"', table)
    }
    dressed = set(re.findall(r"\.tone-([a-z]+)", DESK))
    assert (written | tables) - dressed - {""} == set()
    assert len(tables) > 3
