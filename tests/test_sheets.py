"""The sheets of instructions: one printed A4 each, naming what there is, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tools import sheets

from hiwar.config.command import COMMANDS
from hiwar.config.schema import SCHEMA
from test_docs import targets

if TYPE_CHECKING:
    from pathlib import Path

TASKS = sorted({sheet.name.partition(".")[0] for sheet in sheets.SHEETS})
COMMAND = re.compile(r"(?:sudo )?hiwar ([a-z_]{3,})")
FENCED = re.compile(r"```\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def named(sheet: Path) -> list[str]:
    """Return the lines that a sheet asks to be typed, without what differs by language."""
    text = sheet.read_text("utf-8")
    lines = [
        line.strip()
        for block, inline in FENCED.findall(text)
        for line in (block or inline).splitlines()
    ]
    return sorted({re.sub(r'"[^"]*"', '""', line) for line in lines if line})


def test_there_is_a_sheet_for_each_task_in_both_languages() -> None:
    assert TASKS == ["backup", "install", "trouble", "upgrade"]
    assert len(sheets.SHEETS) == 2 * len(TASKS)


@pytest.mark.parametrize("sheet", sheets.SHEETS, ids=lambda sheet: sheet.stem)
def test_sheet_fits_one_printed_page(sheet: Path) -> None:
    document = sheets.laid_out(sheet)
    assert len(document.pages) == 1
    assert (round(document.pages[0].width), round(document.pages[0].height)) == (794, 1123), "A4"


@pytest.mark.parametrize("task", TASKS)
def test_both_languages_ask_for_the_same(task: str) -> None:
    english, arabic = (
        next(sheet for sheet in sheets.SHEETS if sheet.name == f"{task}.{language}.md")
        for language in ("en", "ar")
    )
    assert named(english) == named(arabic)
    text = english.read_text("utf-8")
    commands = set(COMMAND.findall(text))
    assert commands
    assert commands <= {name for group in COMMANDS.values() for name in group}
    assert set(re.findall(r"make ([a-z]+)", text)) <= targets()
    assert set(re.findall(r"HIWAR_[A-Z_]+", text)) - {"HIWAR_OWN_AUTHORITY"} <= set(SCHEMA)
