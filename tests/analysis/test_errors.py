"""Every file that cannot be analysed is refused with its place, and nothing is written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from analysis.vote_files import long_csv, run, two_camps, write
from hiwar.analysis.language import translator
from hiwar.analysis.messages import MESSAGES
from hiwar.analysis.problems import BadInput, refuse
from hiwar.analysis.reading import Options, read_conversation

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "participant,statement,vote\n"
MATRIX = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n"
COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
LONG = long_csv(two_camps(400, 30))
GZ = gzip.compress(LONG.encode())


def _comments(*lines: str) -> str:
    return COMMENTS + "".join(f"1,x,{line}\n" for line in lines)


Case = tuple[dict[str, str | bytes], str, int | None, int | None]
CASES: dict[str, Case] = {
    "empty": ({"votes.csv": b""}, "empty_file", None, None),
    "blank": ({"votes.csv": "\n\n"}, "no_header", 1, None),
    "header only": ({"votes.csv": HEAD}, "no_rows", 1, None),
    "unknown form": ({"votes.csv": "a,b,c\n1,2,3\n"}, "unknown_form", 1, 1),
    "missing column": ({"votes.csv": "participant,vote\n1,1\n"}, "missing_column", 1, None),
    "unknown column": (
        {"votes.csv": "participant,statement,vote,phone\n1,1,1,059\n"}, "unknown_column", 1, 4
    ),
    "column twice": (
        {"votes.csv": "participant,statement,vote,vote\n1,1,1,1\n"}, "duplicate_column", 1, 4
    ),
    "vote out of range": ({"votes.csv": HEAD + "1,1,1\n1,2,2\n"}, "bad_vote", 3, 3),
    "vote missing": ({"votes.csv": HEAD + "1,1,\n"}, "bad_vote", 2, 3),
    "vote out of range in a large file": (
        {"votes.csv": LONG + "7,7,5\n"}, "bad_vote", LONG.count("\n") + 1, 3
    ),
    "vote out of range in gzip": (
        {"votes.csv.gz": LONG + "7,7,x\n"}, "bad_vote", LONG.count("\n") + 1, 3
    ),
    "line after quoted newline": (
        {"votes.csv": HEAD + '"a\nb",1,1\n2,1,9\n'}, "bad_vote", 4, 3
    ),
    "participant missing": ({"votes.csv": HEAD + "1,1,1\n,2,1\n"}, "empty_id", 3, 1),
    "ragged": ({"votes.csv": HEAD + "1,1,1\n1,2\n"}, "ragged_row", 3, 3),
    "ragged in a large file": (
        {"votes.csv": LONG + "1,2\n"}, "ragged_row", LONG.count("\n") + 1, 3
    ),
    "header twice": ({"votes.csv": HEAD + "1,1,1\n" + HEAD}, "repeated_header", 3, 1),
    "header twice in a large file": (
        {"votes.csv": LONG + HEAD}, "repeated_header", LONG.count("\n") + 1, 1
    ),
    "open quote": ({"votes.csv": HEAD + '1,1,1\n"1,2,1\n'}, "malformed", 3, 1),
    "time": (
        {"votes.csv": "participant,statement,vote,time\n1,1,1,noon\n"}, "bad_time", 2, 4
    ),
    "NUL": ({"votes.csv": (HEAD + "1,1,1\n1,\0,1\n").encode()}, "nul_byte", 3, 3),
    "cp1256": (
        {"votes.csv": "participant,statement,vote\nليلى الأحمد,1,1\n".encode("cp1256")},
        "cp1256", 2, 1,
    ),
    "UTF-16": ({"votes.csv": (HEAD + "1,1,1\n").encode("utf-16")}, "utf16", None, None),
    "UTF-16 without mark": (
        {"votes.csv": (HEAD + "1,1,1\n").encode("utf-16-le")}, "utf16", None, None
    ),
    "not UTF-8": ({"votes.csv": HEAD.encode() + b"1,1,1\nx\xff,2,1\n"}, "not_utf8", 3, 2),
    "folder without votes": ({"readme.txt": "x"}, "no_votes_in_folder", None, None),
    "participant twice": (
        {"participants-votes.csv": MATRIX + "1,0,0,2,2,0,1,1\n1,0,0,2,2,0,1,1\n"},
        "duplicate_participant", 3, 1,
    ),
    "matrix vote": (
        {"participants-votes.csv": MATRIX + "1,0,0,2,1,0,1,3\n"}, "bad_matrix_vote", 2, 8
    ),
    "matrix column": (
        {"participants-votes.csv": MATRIX.replace("1\n", "sex\n") + "1,0,0,2,2,0,1,1\n"},
        "unknown_column", 1, 8,
    ),
    "matrix group": (
        {"participants-votes.csv": MATRIX + "1,A,0,2,2,0,1,1\n"}, "bad_number", 2, 2
    ),
    "matrix sign": (
        {"participants-votes.csv": MATRIX + "1,0,0,2,2,0,-1,-1\n2,0,0,1,1,0,-1,\n"},
        "sign_reversed", 2, 5,
    ),
    "matrix count": (
        {"participants-votes.csv": MATRIX + "1,0,0,2,2,0,1,1\n2,0,0,2,1,0,1,1\n"},
        "count_differs", 3, 5,
    ),
    "statement twice": (
        {"votes.csv": HEAD + "1,1,1\n", "comments.csv": _comments("1,0,1,0,1,a", "1,0,1,0,1,b")},
        "duplicate_statement", 3, 3,
    ),
    "statement without text": (
        {"votes.csv": HEAD + "1,1,1\n", "comments.csv": _comments("1,0,1,0,1,")},
        "statement_without_text", 2, 8,
    ),
    "statement not listed": (
        {"votes.csv": HEAD + "1,1,1\n1,2,1\n", "comments.csv": _comments("1,0,1,0,1,a")},
        "statement_not_listed", None, None,
    ),
    "moderated": (
        {"votes.csv": HEAD + "1,1,1\n", "comments.csv": _comments("1,0,1,0,2,a")},
        "bad_moderated", 2, 7,
    ),
    "meta flag": (
        {"votes.csv": HEAD + "1,1,1\n", "statements.csv": "statement,text,meta\n1,a,perhaps\n"},
        "bad_flag", 2, 3,
    ),
    "no text column": (
        {"votes.csv": HEAD + "1,1,1\n", "statements.csv": "statement,moderated\n1,1\n"},
        "missing_column", 1, None,
    ),
    "meta unknown": (
        {"votes.csv": HEAD + "1,1,1\n", "meta.csv": "statement\n9\n"}, "unknown_meta", None, None
    ),
    "Parquet": ({"votes.parquet": b"PAR1 and then nothing"}, "corrupt_parquet", None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_file_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    files, kind, line, column = CASES[name]
    write(tmp_path / "in", files)
    with pytest.raises(BadInput) as caught:
        read_conversation(tmp_path / "in")
    first = caught.value.problems[0]
    assert (first.kind, first.line, first.column) == (kind, line, column)


def _truncated(folder: Path) -> None:
    (folder / "votes.csv.gz").write_bytes(GZ[: len(GZ) // 2])


def _corrupt(folder: Path) -> None:
    (folder / "votes.csv.gz").write_bytes(GZ[:200] + bytes(b ^ 255 for b in GZ[200:]))


def _flipped(folder: Path) -> None:
    """Only the check sum at the end is wrong."""
    (folder / "votes.csv.gz").write_bytes(GZ[:-8] + bytes(8))


@pytest.mark.parametrize(
    ("damage", "kind"),
    [(_truncated, "truncated_gzip"), (_corrupt, "corrupt_gzip"), (_flipped, "corrupt_gzip")],
)
def test_damaged_gzip_is_refused(damage: object, kind: str, tmp_path: Path) -> None:
    assert callable(damage)
    damage(tmp_path)
    with pytest.raises(BadInput) as caught:
        read_conversation(tmp_path)
    assert [p.kind for p in caught.value.problems] == [kind]


@pytest.mark.parametrize("name", CASES)
def test_command_explains_and_writes_nothing(name: str, tmp_path: Path) -> None:
    files, kind, line, column = CASES[name]
    write(tmp_path / "in", files)
    done = run("in", "--json", "out.json", "--out", "report", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["in"]
    if line is not None:
        assert f"line {line}" in done.stderr
    if column is not None:
        assert f"line {line}, column {column}:" in done.stderr
    what, _ = MESSAGES[kind]
    assert what.partition("{")[0] in done.stderr


def test_ten_findings_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    write(tmp_path, {"votes.csv": HEAD + "1,1,7\n" * 25})
    done = run("votes.csv", cwd=tmp_path)
    assert done.stderr.count("column 3:") == 10
    assert "15 more findings." in done.stderr


def test_missing_path_is_refused(tmp_path: Path) -> None:
    done = run("nowhere.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.csv: there is no such file or folder." in done.stderr


def test_reversed_signs_can_be_read_as_asked(tmp_path: Path) -> None:
    content = MATRIX + "1,0,0,2,2,0,-1,-1\n2,0,0,1,1,0,-1,\n"
    write(tmp_path, {"participants-votes.csv": content})
    assert read_conversation(tmp_path, Options(signs="reverse")).votes.vote.tolist() == [1, 1, 1]
    assert read_conversation(tmp_path, Options(signs="keep")).votes.vote.tolist() == [-1, -1, -1]


def test_a_cell_cannot_write_to_the_terminal() -> None:
    error = refuse("bad_vote", "votes.csv", 1, 1, value="\x1b[31m" + "9" * 1000)
    line = error.problems[0].explain(translator("en"))
    assert "\x1b" not in line
    assert len(line) < 200


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_says_what_happened_and_what_to_do(kind: str) -> None:
    what, remedy = MESSAGES[kind]
    assert what.endswith(".")
    assert remedy[-1] in ".)W"
