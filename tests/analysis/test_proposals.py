"""What is proposed for the sheet of a survey tool that Hiwar does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.vote_files import run
from hiwar.analysis.reading.proposals import propose_map

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["_uuid", "Sex", "The bridge should be built", "Schools need more teachers", "Remark"]


def meanings(rows: list[list[str]], header: list[str] = HEADER) -> dict[tuple[str, str], str]:
    return {(line.kind, line.name): line.means for line in propose_map(header, rows)}


def test_columns_and_a_scale_are_proposed() -> None:
    rng = np.random.default_rng(0)
    rows = [
        [f"u{n}", "f" if n % 2 else "m", *map(str, rng.integers(1, 6, 2)), f"word {n}"]
        for n in range(40)
    ]
    found = meanings(rows)
    roles = [found["column", title] for title in HEADER]
    assert roles == ["participant", "ignore", "statement", "statement", "ignore"]
    said = [found["answer", str(n)] for n in range(1, 6)]
    assert said == ["disagree", "disagree", "pass", "agree", "agree"]


def test_known_words_are_understood_and_unknown_ones_left_to_be_said() -> None:
    rows = [["u1", "f", "موافق", "غير موافق", ""], ["u2", "m", "غير موافق", "هممم", ""]]
    found = meanings([*rows, ["u3", "m", "موافق", "موافق", ""]])
    assert found["answer", "موافق"] == "agree"
    assert found["answer", "غير موافق"] == "disagree"
    assert found["answer", "هممم"] == ""


def test_yes_or_no_in_numbers_is_left_to_be_said() -> None:
    rows = [[f"u{n}", "f", str(n % 2), str(n // 2 % 2), ""] for n in range(8)]
    found = meanings(rows)
    assert (found["answer", "0"], found["answer", "1"]) == ("", "")


def test_a_column_in_which_people_stand_twice_does_not_name_them() -> None:
    assert meanings([["u1", "f", "1", "2", ""], ["u1", "m", "2", "1", ""]])["column", "_uuid"] == (
        "ignore"
    )


def test_proposal_of_the_command_can_be_given_back_to_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    lines = [";".join(HEADER)]
    for n in range(40):
        side = rng.integers(4, 6, 2) if n % 2 else rng.integers(1, 3, 2)
        lines.append(";".join([f"u{n}", "f", *map(str, side), ""]))
    (tmp_path / "sheet.csv").write_text("\n".join(lines) + "\n")
    done = run("sheet.csv", "--propose-map", "map.csv", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fill in what stands empty" in done.stdout
    done = run("sheet.csv", "--map", "map.csv", "--quick", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
