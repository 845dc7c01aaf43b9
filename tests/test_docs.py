"""What is written about Hiwar is what Hiwar is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tools import lanes

from hiwar import __version__

if TYPE_CHECKING:
    from pathlib import Path
from house_rules import ROOT, floors, open_rooms

DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)]
)
KNOB = re.compile(r"\bHIWAR_[A-Z_]+\b")
# The tests' own switches are no settings of an installation.
FOR_TESTS = {"HIWAR_TEST_POSTGRES_URL", "HIWAR_REQUIRE_ALL", "HIWAR_ENV_FILE"}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def knobs(name: str) -> set[str]:
    """Return the settings that a file names; any of them may be read from a file instead."""
    return {knob.removesuffix("_FILE") for knob in set(KNOB.findall(read(name))) - FOR_TESTS}


def broken_links(page: Path) -> list[str]:
    """Return the targets of a page's links that are no file; addresses and anchors are left."""
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [
        target
        for target in targets
        if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.split("#")[0]).exists()
    ]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*?##", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_links_self_test(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md) [b](#here) [c](https://example.org) [d](gone.md)", "utf-8")
    assert broken_links(page) == ["gone.md"]


def missing_tests(text: str) -> list[str]:
    """Return the tests that a text names, as `file.py::test`, and that are not there."""
    named = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)))
    return [
        f"{name}::{function}"
        for name, function in named
        if not (ROOT / name).is_file() or f"def {function}(" not in read(name)
    ]


def test_tests_that_pages_name_are_there() -> None:
    assert [name for page in PAGES for name in missing_tests(page.read_text("utf-8"))] == []
    assert len(re.findall("::test_", read("docs/operations/attack-and-mend.md"))) > 100
    for gone in ("tests/test_docs.py::test_no_such", "tests/test_no.py::test_x"):
        assert missing_tests(f"`{gone}`") == [gone]


def test_settings_are_written_in_three_places() -> None:
    settings = knobs("src/hiwar/config/settings.py")
    assert settings, "no settings found"
    assert knobs(".env.example") == settings
    misspelt = {"HIWAR_TIMEZONE"}  # shown beside what is said of it
    assert knobs("docs/operations/settings.md") - misspelt == settings


def test_make_targets_that_pages_name_exist() -> None:
    known = targets()
    for page in PAGES:
        text = page.read_text("utf-8")
        named = set(re.findall(r"(?:^|[`$ ])make ([a-z][a-z-]+)`?", "\n".join(code_of(text))))
        assert named <= known, page


def code_of(text: str) -> list[str]:
    """Return what a page sets as code: fenced blocks of a console, and words between backticks."""
    fenced = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [*fenced, *re.findall(r"`([^`\n]+)`", text)]


def test_make_help_names_every_target_once() -> None:
    makefile = read("Makefile")
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())
    assert targets() == phony - {"setup-test"}


def test_check_is_what_continuous_integration_runs() -> None:
    assert "make --no-print-directory check" in read(".ci/run")
    recipe = read("Makefile").partition("\ncheck: ")[2].partition("\n\n")[0]
    assert "tools/test --lanes ci" in recipe
    assert set(lanes.STILL) <= targets()
    assert {"lint", "types", "contracts", "check-messages", "docs"} < set(lanes.STILL)
    rows = lanes.lanes_of("ci", ["access"], ["asks"], 1, "postgres://server/postgres")
    names = {lane.name for row in rows for lane in row}
    assert names == {"still", "rooms", "waiting", "postgres", "exhaustive"}


def test_exhaustive_tests_name_the_files_they_guard() -> None:
    parts = json.loads(read("tests/exhaustive.json"))
    for part in set(parts) - {"rest"}:
        for pattern in parts[part]["files"]:
            assert list(ROOT.glob(pattern)), f"{part}: {pattern} names no file"
    for path in (ROOT / "tests").rglob("test_*.py"):
        for said in re.findall(r"^ *@?pytest\.mark\.exhaustive(.*)", path.read_text("utf-8"), re.M):
            assert said.partition(")")[0].strip('("') in set(parts) - {"rest"}, path.name


def test_changelog_has_the_version() -> None:
    versions = re.findall(
        r"^## (?:Unreleased \()?(\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE
    )
    assert versions[0] == __version__
    assert versions == sorted(versions, key=lambda v: [int(n) for n in v.split(".")], reverse=True)


def test_decisions_are_numbered_and_whole() -> None:
    records = sorted((DOCS / "decisions").glob("0*.md"))
    numbers = [int(path.name[:4]) for path in records]
    # A number is taken when work begins; what is still on its way leaves a gap.
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    for path in records:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} · "), path.name
        parts = re.findall(r"^\*\*(Context|Decision|Price)\.\*\*", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Price"], path.name
        assert len(text.splitlines()) <= 60, f"{path.name} is longer than a page"


def test_drawing_shows_every_floor_in_order() -> None:
    drawing = read("docs/architecture.md").split("```")[1]
    floor = floors()
    drawn = [word for word in re.findall(r"[a-z]+", drawing) if word in floor]
    first = list(dict.fromkeys(drawn))
    assert set(first) == set(floor)
    heights = [floor[room] for room in first]
    assert heights == sorted(heights, reverse=True)
    marked = set(re.findall(r"│ ([a-z]+) +●", drawing))
    assert marked == set(open_rooms()) - {"config"}


def test_glossary_speaks_arabic_and_english() -> None:
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \|.*\| (.+?) \|$", read("docs/glossary.md"), re.MULTILINE
    )
    words = [row for row in rows if row[0] not in {"Arabic", "---"}]
    assert len(words) > 20
    for arabic, english, meaning in words:
        assert re.search(r"[\u0621-\u064a]", arabic), arabic
        assert re.fullmatch(r"[A-Za-z -]+", english), english
        assert meaning.endswith("."), english


def test_licence_is_the_whole_text() -> None:
    text = read("LICENSE")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_requirements_are_pinned_with_hashes_and_name_no_address() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text("utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:", line), (path.name, line)
        assert "://" not in text, path.name


def test_test_set_holds_the_run_set_at_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[\w.]+", read(name), re.MULTILINE))

    assert pins("requirements/run.txt") <= pins("requirements/test.txt")
    assert pins("requirements/engine.txt") <= pins("requirements/test.txt")
