"""Every file that cannot be analysed is refused with its place, and nothing is written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from analysis.vote_files import long_csv, run, two_camps, write
from hiwar.analysis.language import translator
from hiwar.analysis.messages import MESSAGES
from hiwar.analysis.problems import BadInput, refuse
from hiwar.analysis.reading import Options, long_format, read_conversation, source

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
    "column twice": (
        {"votes.csv": "participant,statement,vote,vote\n1,1,1,1\n"}, "duplicate_column", 1, 4
    ),
    "vote out of range": ({"votes.csv": HEAD + "1,1,1\n1,2,2\n"}, "bad_vote", 3, 3),
    "votes missing": ({"votes.csv": HEAD + "1,1,\n1,2,nan\n"}, "no_rows", 3, None),
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
        {"votes.csv": "participant,statement,vote,time\n1,1,1,2027-01-01\n1,2,1,noon\n"},
        "bad_time", 3, 4,
    ),
    "no such day": (
        {"votes.csv": "participant,statement,vote,time\n1,1,1,31/12/2027\n1,2,1,31/02/2027\n"},
        "bad_time", 3, 4,
    ),
    "two conversations": (
        {"a-votes.csv": HEAD + "1,1,1\n", "b-participants-votes.csv": HEAD + "1,1,1\n"},
        "several_conversations", None, None,
    ),
    "two conversations in one file": (
        {"votes.csv": "zid,pid,tid,vote\n1,1,1,1\n2,1,1,1\n"}, "several_in_file", None, None
    ),
    "identifiers ruined": (
        {"votes.csv": HEAD + "1.23457E+15,1,1\n1.23457E+15,2,1\n"}, "ruined_ids", None, None
    ),
    "identifiers ruined in a large file": (
        {"votes.csv": LONG + "1.23457E+15,1,1\n"}, "ruined_ids", None, None
    ),
    "identifiers ruined in a matrix": (
        {"participants-votes.csv": MATRIX + "1.23457E+15,0,0,2,2,0,1,1\n"}, "ruined_id", 2, 1
    ),
    "table of 0 and 1": (
        {"votes.csv": "participant,1,2\na,0,1\nb,1,0\n"}, "zero_or_one", 1, None
    ),
    "sheet of 0 and 1": (
        {"votes.csv": "id,A statement,Another\na,0,1\nb,1,0\n"}, "zero_or_one_column", 1, 2
    ),
    "sheet of a scale": ({"votes.csv": "id,A,B\na,5,1\nb,3,2\n"}, "scale", 1, None),
    "unknown answer in a sheet": (
        {"votes.csv": "id,A\n" + "".join(f"{i},agree\n" for i in range(20)) + "x,Perhaps\n"},
        "unknown_answer", 22, 2,
    ),
    "one unknown answer among few": (
        {"votes.csv": "id,A,B\na,agree,agree\nb,Perhaps,disagree\nc,pass,agree\n"},
        "unknown_answer", 3, 2,
    ),
    "person twice in a sheet": (
        {"votes.csv": "_uuid,A statement\nu1,agree\nu1,neutral\n"}, "duplicate_participant", 3, 1
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
    "statements of another conversation": (
        {"votes.csv": HEAD + "1,1,1\n1,2,1\n", "comments.csv": _comments("7,0,1,0,1,a")},
        "statements_of_others", None, None,
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


def test_parquet_without_its_reader_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pyarrow is an extra; files of text are then read line by line."""
    write(tmp_path / "in", {"votes.parquet": b"PAR1 whatever"})
    write(tmp_path / "text", {"votes.csv": HEAD + "1,1,1\n"})
    monkeypatch.setattr(source, "find_spec", lambda _name: None)
    with pytest.raises(BadInput) as caught:
        read_conversation(tmp_path / "in")
    assert caught.value.problems[0].kind == "no_parquet_reader"
    monkeypatch.setattr(long_format, "_SMALL", 0)
    assert read_conversation(tmp_path / "text")


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
    write(tmp_path, {"votes.csv": HEAD + "".join(f"1,1,{7 + i}\n" for i in range(25))})
    done = run("votes.csv", cwd=tmp_path)
    assert done.stderr.count("column 3:") == 10
    assert "15 more findings." in done.stderr


def test_equal_findings_are_one(tmp_path: Path) -> None:
    write(tmp_path, {"votes.csv": HEAD + "1,1,Perhaps\n" * 41 + "1,1,7\n"})
    done = run("votes.csv", cwd=tmp_path)
    first, second, end = done.stderr.splitlines()[-3:]
    assert first.startswith("votes.csv, line 2, column 3: the vote is “Perhaps”.")
    assert "Found 41 times in all." in first
    assert "answer,Perhaps,pass" in first, "the line to write is said"
    assert second.startswith("votes.csv, line 43, column 3: the vote is “7”.")
    assert end == "Nothing was written."


def test_several_conversations_are_asked_about_with_the_command_to_type(tmp_path: Path) -> None:
    write(tmp_path / "in", {"a-votes.csv": LONG, "b-participant-votes.csv": LONG})
    done = run("in", cwd=tmp_path)
    assert "the votes of 2 conversations: a-votes.csv, b-participant-votes.csv." in done.stderr
    assert "hiwar analyse in/a-votes.csv" in done.stderr
    assert run("in/a-votes.csv", "--quick", cwd=tmp_path).returncode == 0


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
    assert len(line) < 400


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_says_what_happened_and_what_to_do(kind: str) -> None:
    what, remedy = MESSAGES[kind]
    assert what.endswith(".")
    assert remedy[-1] in ".)}W"
