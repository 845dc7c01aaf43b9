"""Vote files as people have them, rebuilt small from public reports; all contents are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pytest

from analysis.vote_files import long_csv, run, two_camps, write
from hiwar.analysis.conversation import Signs
from hiwar.analysis.problems import BadInput
from hiwar.analysis.reading import Options, read_conversation
from hiwar.analysis.reading.answers import answer

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.analysis.conversation import Conversation

HEAD = "participant,statement,vote\n"
MATRIX = "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n"


def read(
    folder: Path, files: dict[str, str | bytes], name: str = "", **options: object
) -> Conversation:
    write(folder, files)
    return read_conversation(folder / name, Options(**options))  # type: ignore[arg-type]


def dropped(conversation: Conversation) -> list[str]:
    return [title for _, title in conversation.dropped_columns]


def test_an_xid_is_noted_and_kept_nowhere(tmp_path: Path) -> None:
    rows = "".join(f"{p},person{p}@example.org,0,0,2,1,1,1,-1\n" for p in range(40))
    found = read(tmp_path, {"participant-votes.csv": MATRIX + rows})
    assert dropped(found) == ["xid"]
    assert found.statement_ids == [0, 1]
    done = run(".", "--json", "o.json", "--people", "p.csv", "--out", "r", "--quick", cwd=tmp_path)
    assert "1 column was not read and is kept nowhere: xid." in done.stdout
    written = [tmp_path / "o.json", tmp_path / "p.csv", *(tmp_path / "r").iterdir()]
    for path in written:
        assert b"example.org" not in path.read_bytes(), path


def test_unknown_columns_of_statements_are_noted(tmp_path: Path) -> None:
    comments = (
        "comment-id,is-meta,is-seed,group-informed-consensus,moderated,comment-body\n"
        "1,,,0.3,1,A text\n"
    )
    found = read(tmp_path, {"votes.csv": HEAD + "1,1,1\n", "comments.csv": comments})
    assert dropped(found) == ["group-informed-consensus"]
    assert found.texts == [{"": "A text"}]


@pytest.mark.parametrize("large", [False, True])
def test_a_column_of_telephones_is_dropped_and_said(large: bool, tmp_path: Path) -> None:
    rows = two_camps(500, 20) if large else two_camps(20)
    text = "participant,statement,vote,phone\n" + "".join(
        f"{p},{s},{v},0599{p:06}\n" for p, s, v in rows
    )
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert dropped(found) == ["phone"]
    assert found.votes.n_votes == len(rows)


def test_names_as_they_are_downloaded(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "2025-03-28-1234-3abc-votes.csv": HEAD + "1,1,1\n",
        "2025-03-28-1234-3abc-comments.csv": "comment-id,comment-body\n1,A text\n",
        "2025-03-28-1235-3abc-summary.csv": "topic,The town\n",
    }
    for name in ("", "2025-03-28-1234-3abc-votes.csv"):
        found = read(tmp_path, files, name)
        assert found.texts == [{"": "A text"}], name
        assert found.title == "The town", name


def test_a_conversation_keeps_its_own_texts_among_others(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for name in ("a", "b"):
        files[f"{name}-votes.csv"] = HEAD + "1,1,1\n"
        files[f"{name}-comments.csv"] = f"comment-id,comment-body\n1,Text of {name}\n"
    assert read(tmp_path, files, "b-votes.csv").texts == [{"": "Text of b"}]


def test_the_singular_table_of_participants_is_found(tmp_path: Path) -> None:
    table = MATRIX.replace("xid,", "") + "1,0,0,2,2,0,1,1\n"
    found = read(tmp_path, {"2025-01-01-9-participant-votes.csv": table})
    assert found.published_group is not None
    assert found.signs == Signs(1, "counts")


def test_empty_texts_and_unlisted_statements_are_counted(tmp_path: Path) -> None:
    comments = 'comment-id,moderated,comment-body\n1,1,Text\n2,-1,""\n3,1,""\n5,-1,""\n'
    votes = HEAD + "1,1,1\n1,2,1\n1,3,1\n1,4,1\n"
    found = read(tmp_path, {"votes.csv": votes, "comments.csv": comments})
    assert found.counts["statements_without_text"] == 1, "a rejected one matters to nobody"
    assert found.counts["statements_not_listed"] == 1
    assert found.statement_ids == [1, 2, 3, 4]


@pytest.mark.parametrize("title", ["", "Unnamed: 0"])
def test_an_index_column_is_left_out(title: str, tmp_path: Path) -> None:
    text = f"{title},participant,statement,vote\n0,7,1,1\n1,8,1,-1\n"
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.participant_ids == [7, 8]
    assert dropped(found) == [title]


@pytest.mark.parametrize("filler", [0, 9_000])
def test_a_line_that_names_the_separator(filler: int, tmp_path: Path) -> None:
    more = "".join(f"{i};1;1\n" for i in range(10, 10 + filler))
    text = "sep=;\r\nparticipant;statement;vote\r\n1;1;1\n2;1;-1\n" + more
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.votes.vote[:2].tolist() == [1, -1]


def test_dates_by_day_are_told_by_their_neighbours(tmp_path: Path) -> None:
    head = "participant,statement,vote,time\n"
    lines = "1,1,1,03/04/2027 10:00\n1,1,-1,17/02/2027 10:00\n"
    found = read(tmp_path / "a", {"v.csv": head + lines}, "v.csv")
    assert found.votes.vote.tolist() == [1], "the 3rd of April is later than the 17th of February"
    assert "days_first" in found.notes
    open_lines = head + "1,1,1,03/04/2027\n1,1,-1,02/05/2027\n"
    asked = read(tmp_path / "b", {"v.csv": open_lines}, "v.csv")
    assert "times_ambiguous" in asked.notes
    assert asked.votes.vote.tolist() == [-1], "the order of the file stands in"
    month = read(tmp_path / "c", {"v.csv": open_lines}, "v.csv", dates="month-first")
    assert month.votes.vote.tolist() == [1]


def test_times_as_scripts_write_them(tmp_path: Path) -> None:
    text = (
        "participant,statement,vote,datetime\n"
        "1,1,1,Thu Nov 17 2016 10:00:00 GMT+0000 (UTC)\n"
        "1,1,-1,Wed Nov 16 2016 10:00:00 GMT+0200 (EET)\n"
    )
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.votes.vote.tolist() == [1]
    assert found.events is not None
    assert found.events.time is not None
    assert found.events.time.tolist() == [1479283200000, 1479376800000]


def test_times_that_nobody_can_read_are_no_reason_to_stop(tmp_path: Path) -> None:
    text = "participant,statement,vote,time\n1,1,1,noon\n1,1,-1,evening\n"
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.votes.vote.tolist() == [-1]
    assert {"times_unreadable", "no_times"} <= set(found.notes)


KOBO = (
    "_id;_uuid;start;الميزانية علنية، كل عام;تُخصص الأراضي للحدائق;age\n"
    "1;u-1;2027-01-01;موافق;محايد;31\n"
    "2;u-2;2027-01-01;لا اوافق;غير موافق بشدة;44\n"
    "3;u-3;2027-01-02;;أوافِق;28\n"
)


def test_a_sheet_of_a_survey_tool_in_arabic(tmp_path: Path) -> None:
    found = read(tmp_path, {"v.csv": KOBO}, "v.csv")
    assert found.participant_ids == ["u-1", "u-2", "u-3"]
    assert np.nan_to_num(found.votes.dense(), nan=9).tolist() == [[1, 0], [-1, -1], [9, 1]]
    assert found.texts[0] == {"ar": "الميزانية علنية، كل عام"}
    assert dropped(found) == ["_id", "start", "age"]
    assert found.signs == Signs(None, "words")


def test_sheets_in_english_and_french_and_grids(tmp_path: Path) -> None:
    english = (
        "Timestamp,Do you agree? [A public budget],Do you agree? [More parks]\n"
        "1,Strongly agree,Neutral\n2,Disagree,I don’t know\n"
    )
    found = read(tmp_path / "en", {"v.csv": english}, "v.csv")
    assert found.votes.vote.tolist() == [1, 0, -1, 0]
    assert [text[""] for text in found.texts] == ["A public budget", "More parks"]
    assert "lines_as_people" in found.notes
    french = "id,Le budget doit être public\na,Tout à fait d’accord\nb,Pas d'accord\nc,Neutre\n"
    found = read(tmp_path / "fr", {"v.csv": french}, "v.csv")
    assert found.votes.vote.tolist() == [1, -1, 0]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("موافق", 1), ("اوافق", 1), ("أُوافِق", 1), ("أوافق بشدة", 1), ("Strongly agree", 1),
        ("strongly_agree", 1), ("D’accord", 1), ("لا اوافق", -1), ("لا أوافق", -1),
        ("غير موافق", -1), ("Pas du tout d'accord", -1), ("محايد", 0), ("امتناع", 0),
        ("Neutral", 0), ("Ni d’accord, ni pas d’accord", 0), ("نعم", None), ("1", None),
    ],
)  # fmt: skip
def test_words_of_answers(word: str, meaning: int | None) -> None:
    assert answer(word) == meaning


def test_words_in_long_form(tmp_path: Path) -> None:
    text = HEAD + "1,1,موافق\n2,1,لا اوافق\n3,1,Neutral\n4,1,nan\n5,1,\n"
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.votes.vote.tolist() == [1, -1, 0]
    assert found.counts["votes_missing"] == 2
    assert found.signs == Signs(None, "words")


def test_a_map_says_what_nobody_can_guess(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "v.csv": "case,One,Two,Sex\na,0,1,1\nb,1,2,0\n",
        "m.csv": (
            "kind,name,means\ncolumn,case,participant\ncolumn,Sex,ignore\n"
            "answer,1,agree\nanswer,0,disagree\nanswer,2,pass\n"
        ),
    }
    found = read(tmp_path, files, "v.csv", map=tmp_path / "m.csv")
    assert found.participant_ids == ["a", "b"]
    assert found.votes.dense().tolist() == [[-1, 1], [1, 0]]
    arabic = "النوع,الاسم,المعنى\nجواب,نعم,أوافق\nجواب,لا,لا أوافق\n"
    long_form = HEAD + "1,1,نعم\n2,1,لا\n"
    found = read(
        tmp_path / "b", {"v.csv": long_form, "m.csv": arabic}, "v.csv",
        map=tmp_path / "b" / "m.csv",
    )  # fmt: skip
    assert found.votes.vote.tolist() == [1, -1]


def test_votes_of_the_database_are_read_with_its_sign(tmp_path: Path) -> None:
    text = "zid,pid,tid,vote,weight_x_32767,created\n5,1,1,-1,0,100\n5,2,1,1,0,200\n"
    found = read(tmp_path, {"v.csv": text}, "v.csv")
    assert found.votes.vote.tolist() == [1, -1]
    assert found.signs == Signs(-1, "database")
    kept = read(tmp_path, {"v.csv": text}, "v.csv", signs="keep")
    assert kept.votes.vote.tolist() == [-1, 1]


def test_it_is_said_what_was_read_as_agree(tmp_path: Path) -> None:
    write(tmp_path, {"v.csv": long_csv(two_camps())})
    plain = run("v.csv", "--quick", cwd=tmp_path).stdout
    assert "1 was read as agree. Nothing in the files confirms it" in plain
    asked = run("v.csv", "--quick", "--signs", "reverse", cwd=tmp_path).stdout
    assert "-1 was read as agree, as you said." in asked


def test_counts_of_statements_confirm_the_sign(tmp_path: Path) -> None:
    rows = two_camps(30)
    lines = ["comment-id,agrees,disagrees,comment-body\n"]
    for j in range(12):
        cast = [v for _, s, v in rows if s == j]
        lines.append(f"{j},{cast.count(1)},{cast.count(-1)},Text\n")
    files: dict[str, str | bytes] = {"votes.csv": long_csv(rows), "comments.csv": "".join(lines)}
    assert read(tmp_path, files).signs == Signs(1, "counts")


def test_many_revotes_without_times_are_a_warning(tmp_path: Path) -> None:
    text = HEAD + "".join(f"{p % 4},{s},1\n" for p in range(8) for s in range(3))
    assert "many_revotes" in read(tmp_path, {"v.csv": text}, "v.csv").notes


def test_one_count_that_does_not_add_up_is_a_warning(tmp_path: Path) -> None:
    rows = [f"{p},,0,0,2,1,1,1,-1\n" for p in range(20)]
    rows[3] = "3,,0,0,2,2,1,1,-1\n"
    found = read(tmp_path, {"participants-votes.csv": MATRIX + "".join(rows)})
    assert found.counts["lines_that_differ"] == 1


def test_quotation_marks_inside_a_text_are_set_right(tmp_path: Path) -> None:
    comments = 'comment-id,comment-body,moderated\n1,"said "no" and left",accepted\n2,x,1\n'
    found = read(tmp_path, {"votes.csv": HEAD + "1,1,1\n", "comments.csv": comments})
    assert found.texts == [{"": 'said "no" and left'}]
    assert found.counts["lines_repaired"] == 1
    assert found.moderation.status.tolist() == [1]


def test_a_spreadsheet_is_read_as_its_text_would_be(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in KOBO.splitlines():
        sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(";")])
    book.save(tmp_path / "survey.xlsx")
    found = read_conversation(tmp_path / "survey.xlsx")
    assert found.participant_ids == ["u-1", "u-2", "u-3"]
    assert found.votes.vote.tolist() == [1, 0, -1, -1, 1]
    long_sheet = openpyxl.Workbook()
    assert long_sheet.active is not None
    rows = two_camps(20)
    for row in (HEAD.strip().split(","), *rows):
        long_sheet.active.append(row)
    long_sheet.save(tmp_path / "town-votes.xlsx")
    found = read_conversation(tmp_path / "town-votes.xlsx")
    assert found.votes.n_votes == len(rows)
    assert found.participant_ids == list(range(20))


def test_a_damaged_spreadsheet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "votes.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(BadInput, match="corrupt_sheet"):
        read_conversation(tmp_path)


def test_of_several_sheets_one_is_named_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "choices"
    first.append(["list", "label"])
    sheet = book.create_sheet("answers 2")
    sheet.append(["participant", "statement", "vote"])
    for row in two_camps():
        sheet.append(row)
    book.create_sheet("empty")
    book.save(tmp_path / "town.xlsx")
    with pytest.raises(BadInput) as error:
        read_conversation(tmp_path / "town.xlsx")
    [problem] = error.value.problems
    assert (problem.kind, problem.details["names"]) == ("several_sheets", "choices, answers 2")
    with pytest.raises(BadInput):
        read_conversation(tmp_path / "town.xlsx", Options(sheet="votes"))
    done = run("town.xlsx", "--sheet", "answers 2", "--quick", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Read: town.xlsx · answers 2." in done.stdout
