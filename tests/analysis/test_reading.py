"""What is read is what was written, in every form a file can take."""

from __future__ import annotations

import contextlib
import csv
import gzip
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.vote_files import long_csv, statements_csv, two_camps, write
from hiwar.analysis.problems import BadInput, Problems
from hiwar.analysis.reading import (
    Options,
    assemble,
    long_format,
    matrix,
    read_conversation,
    vectorised,
)
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.meanings import Meanings
from hiwar.analysis.reading.roles import ROLES
from hiwar.analysis.reading.source import open_source

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.analysis.conversation import Conversation
    from hiwar.engine.opinion import Votes

HEAD = "participant,statement,vote\n"
POLIS = {
    "brexit-consensus": (204, 50, 5303, 9, 0, 0),
    "scoop-hivemind.biodiversity": (536, 314, 29719, 83, 2, 160),
    "vtaiwan.uberx": (1921, 197, 49443, 554, 0, 78),
    "american-assembly.bowling-green": (2031, 896, 225524, 0, 0, 289),
}


def same(one: Conversation, other: Conversation) -> bool:
    return (
        list(one.participant_ids) == list(other.participant_ids)
        and list(one.statement_ids) == list(other.statement_ids)
        and bool((one.votes.dense() == other.votes.dense())[~np.isnan(one.votes.dense())].all())
        and one.votes.n_votes == other.votes.n_votes
    )


def parquet(path: Path, content: str, **types: pa.DataType) -> None:
    rows = list(csv.DictReader(content.splitlines()))
    columns = {
        name: pa.array([row[name] for row in rows]).cast(types.get(name, pa.string()))
        for name in rows[0]
    }
    pq.write_table(pa.table(columns), path)


@pytest.mark.parametrize("n_people", [30, 900])
def test_every_form_reads_the_same(n_people: int, tmp_path: Path) -> None:
    text = long_csv(two_camps(n_people, 25))
    plain = read_conversation(write(tmp_path / "a", {"votes.csv": text}))
    variants: dict[str, str | bytes] = {
        "bom.csv": b"\xef\xbb\xbf" + text.encode(),
        "crlf.csv": text.replace("\n", "\r\n"),
        "semicolon.csv": text.replace(",", ";"),
        "tab.csv": text.replace(",", "\t"),
        "packed.csv.gz": text,
        "quoted.csv": text.replace(
            "participant,statement,vote", '"participant","statement","vote"'
        ),
        "decimals.csv": text.replace(",1\n", ",1.0\n"),
        "arabic-indic.csv": text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "words.csv": text.replace(",-1\n", ",disagree\n").replace(",1\n", ",أوافق\n"),
        "titles.csv": text.replace("participant,statement,vote", "voter-id,comment-id,vote"),
        "blank-lines.csv": text.replace("\n", "\n\n") + ",,\n",
        "other-order.csv": "".join(
            line.partition(",")[2] + "," + line.partition(",")[0] + "\n"
            for line in text.splitlines()
        ),
    }
    for name, content in variants.items():
        folder = write(tmp_path / name, {name: content})
        assert same(plain, read_conversation(folder / name)), name
    kinds = {
        "text.parquet": {},
        "whole.parquet": dict.fromkeys(HEAD.strip().split(","), pa.int64()),
        "small.parquet": {"participant": pa.int32(), "statement": pa.int16(), "vote": pa.int8()},
        "float.parquet": dict.fromkeys(HEAD.strip().split(","), pa.float64()),
        "unsigned.parquet": {"participant": pa.uint64(), "statement": pa.uint8()},
    }
    for name, types in kinds.items():
        parquet(tmp_path / name, text, **types)
        assert same(plain, read_conversation(tmp_path / name)), name


def test_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    header, *lines = long_csv(two_camps(900, 25)).splitlines()
    shuffled = np.random.default_rng(5).permutation(lines).tolist()
    one = read_conversation(write(tmp_path / "a", {"v.csv": "\n".join([header, *lines])}) / "v.csv")
    two = read_conversation(
        write(tmp_path / "b", {"v.csv": "\n".join([header, *shuffled])}) / "v.csv"
    )
    assert same(one, two)


@pytest.mark.parametrize("filler", [0, 12_000])
def test_last_vote_in_time_wins(filler: int, tmp_path: Path) -> None:
    """A small file takes the strict path, a large one the fast path."""
    more = "".join(f"{i},9,1,{i}\n" for i in range(100, 100 + filler))
    text = "participant,statement,vote,time\n1,1,-1,300\n1,1,1,200\n2,1,0,100\n" + more
    conversation = read_conversation(write(tmp_path, {"votes.csv": text}) / "votes.csv")
    assert conversation.revotes == 1
    assert conversation.votes.vote[:2].tolist() == [-1, 0]
    assert conversation.events is not None
    assert conversation.events.time is not None
    assert (np.diff(conversation.events.time) >= 0).all()


def test_without_times_the_last_line_wins(tmp_path: Path) -> None:
    conversation = read_conversation(write(tmp_path, {"v.csv": HEAD + "1,1,-1\n1,1,1\n"}) / "v.csv")
    assert conversation.votes.vote.tolist() == [1]
    assert conversation.events is None
    assert "no_times" in conversation.notes


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("1700000000", 1700000000000),
        ("1700000000000", 1700000000000),
        ("1700000000000000", 1700000000000),
        ("2023-11-14T22:13:20", 1700000000000),
        ("2023-11-15T00:13:20+02:00", 1700000000000),
        ("٢٠٢٣-١١-١٤ ٢٢:١٣:٢٠", 1700000000000),
    ],
)
def test_times_are_understood(written: str, milliseconds: int, tmp_path: Path) -> None:
    text = f"participant,statement,vote,time\n1,1,1,{written}\n"
    events = read_conversation(write(tmp_path, {"v.csv": text}) / "v.csv").events
    assert events is not None
    assert events.time is not None
    assert events.time.tolist() == [milliseconds]


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (["2", "10", "1"], [1, 2, 10]),
        (["2.0", "10.0", "1.0"], [1, 2, 10]),
        (["٢", "10", "1"], [1, 2, 10]),
        (["02", "10", "1"], ["02", "1", "10"]),
        (["Y221", "10", "1"], ["1", "10", "Y221"]),
        (["-2", "99999999999999999999", "1"], ["-2", "1", "99999999999999999999"]),
    ],
)
def test_identifiers_stay_as_they_are(
    ids: list[str], read: list[int | str], tmp_path: Path
) -> None:
    text = HEAD + "".join(f"{i},7,1\n" for i in ids)
    assert read_conversation(write(tmp_path, {"v.csv": text}) / "v.csv").participant_ids == read


def test_statements_bring_texts_moderation_and_meta(tmp_path: Path) -> None:
    listed = (
        "\ufeffstatement;text_ar;text_en;moderated;meta\r\n"
        '1;"رأي فيه ""اقتباس""\r\nوسطر ثان";With a quote;1;no\r\n2;;Rejected;-1;0\r\n'
        "3;أسكن في رام الله;;1;1\r\n4;لم يصوت عليه أحد;;0;0\r\n"
    )
    folder = write(
        tmp_path, {"votes.csv": HEAD + "1,1,1\n1,2,0\n1,3,-1\n", "statements.csv": listed}
    )
    found = read_conversation(folder)
    assert found.texts[0] == {"ar": 'رأي فيه "اقتباس"\r\nوسطر ثان', "en": "With a quote"}
    assert found.texts[1] == {"en": "Rejected"}
    assert found.moderation.status.tolist() == [1, -1, 1]
    assert found.moderation.is_meta.tolist() == [False, False, True]
    assert found.counts["statements_never_voted"] == 1


def test_meta_can_be_named_beside_the_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"votes.csv": HEAD + "1,1,1\n1,2,0\n", "meta.csv": "id\n2\n"}
    folder = write(tmp_path, files)
    assert read_conversation(folder).moderation.is_meta.tolist() == [False, True]
    both = read_conversation(folder, Options(meta=("1",)))
    assert both.moderation.is_meta.tolist() == [True, True]


def test_fast_and_strict_path_agree(tmp_path: Path) -> None:
    rows = two_camps(900, 25)
    text = "participant,statement,vote,time\n" + "".join(
        f"p{p},{s},{v},{1_700_000_000_000 + i * 37 % 1000}\n" for i, (p, s, v) in enumerate(rows)
    )
    source = open_source(write(tmp_path, {"v.csv": text}) / "v.csv")
    quick = vectorised.read_csv(source, ROLES, Problems(), Meanings())
    slow = long_format._strict(source, Problems(), Meanings())
    assert quick is not None
    for name in ("participant_ids", "statement_ids"):
        assert getattr(quick, name) == getattr(slow, name)
    for name in ("participant", "statement", "vote", "time"):
        assert (getattr(quick, name) == getattr(slow, name)).all(), name


@pytest.mark.parametrize("is_single", [False, True])
def test_votes_are_sorted_alike_whatever_the_way(
    monkeypatch: pytest.MonkeyPatch, *, is_single: bool
) -> None:
    rng = np.random.default_rng(3)
    cells = rng.permutation(1_500)[:900] if is_single else rng.integers(0, 1_500, 4_000)
    people, statements = cells // 30, cells % 30
    cast = rng.integers(-1, 2, len(cells))

    def votes() -> Votes:
        columns = people.astype(np.int32), statements.astype(np.int32), cast.astype(np.int8)
        return assemble.last_votes(Ballots(list(range(50)), list(range(30)), *columns))

    last = {(p, s): v for p, s, v in zip(people, statements, cast, strict=True)}
    expected = np.full((50, 30), np.nan)
    for (person, statement), value in last.items():
        expected[person, statement] = value
    np.testing.assert_array_equal(votes().dense(), expected)
    for limit in ("_MOST_CELLS", "_MOST_PLACES"):
        monkeypatch.setattr(assemble, limit, 0)
        np.testing.assert_array_equal(votes().dense(), expected)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", POLIS)
def test_open_conversations_are_read_as_published(name: str, shared_data: Path) -> None:
    conversation = read_conversation(shared_data / "polis" / name)
    people, statements, votes, revotes, never, rejected = POLIS[name]
    assert conversation.votes.n_participants == people
    assert conversation.votes.n_statements == statements
    assert conversation.votes.n_votes == votes
    assert conversation.revotes == revotes
    assert conversation.counts["statements_never_voted"] == never
    assert conversation.counts.get("cells_that_differ", 0) == 0
    assert int((conversation.moderation.status == -1).sum()) == rejected
    assert conversation.published_group is not None


@pytest.mark.shared_data
def test_record_and_final_table_say_the_same(shared_data: Path) -> None:
    folder = shared_data / "polis" / "brexit-consensus"
    record = read_conversation(folder / "votes.csv.gz")
    table = read_conversation(folder / "participants-votes.csv")
    assert same(record, table)


def test_differences_between_record_and_table_are_counted(tmp_path: Path) -> None:
    table = (
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2\n"
        "1,0,0,2,1,1,1,-1,\n2,1,0,1,1,0,1,,\n3,,0,0,0,0,,,\n"
    )
    record = "timestamp,datetime,comment-id,voter-id,vote\n1,x,0,1,1\n2,x,1,1,1\n3,x,0,2,1\n"
    found = read_conversation(
        write(tmp_path, {"participants-votes.csv": table, "votes.csv": record})
    )
    assert found.counts["cells_that_differ"] == 1
    assert "matrix_differs" in found.notes
    assert found.votes.dense()[:2].tolist() == [[1, 1], [1, pytest.approx(np.nan, nan_ok=True)]]
    assert found.statement_ids == [0, 1]
    assert found.published_group is not None
    assert found.published_group.tolist() == [0, 1, -1]


def test_reversed_record_is_noticed(tmp_path: Path) -> None:
    rows = two_camps(20, 6)
    cells = {(p, s): v for p, s, v in rows}
    lines = []
    for p in range(20):
        row = [cells.get((p, s)) for s in range(6)]
        counts = f"{sum(v is not None for v in row)},{row.count(1)},{row.count(-1)}"
        lines.append(
            f"{p},,0,{counts}," + ",".join("" if v is None else str(v) for v in row) + "\n"
        )
    table = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2,3,4,5\n"
    record = long_csv([(p, s, -v) for p, s, v in rows])
    folder = write(
        tmp_path, {"participants-votes.csv": table + "".join(lines), "votes.csv": record}
    )
    with pytest.raises(BadInput, match="sign_reversed"):
        read_conversation(folder)


def test_attributes_and_weights_follow_the_participants(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "votes.csv": HEAD + "3,1,1\n1,1,0\n2,1,-1\n",
        "who.csv": "participant,sector,governorate\n2,CSO,Hebron\n3,,Nablus\n9,private,Jenin\n",
        "w.csv": "participant,weight\n1,2\n2,1\n3,3\n",
    }
    folder = write(tmp_path, files)
    options = Options(attributes=folder / "who.csv", weights=folder / "w.csv")
    found = read_conversation(folder / "votes.csv", options)
    assert found.attributes == {
        "sector": [None, "CSO", None],
        "governorate": [None, "Hebron", "Nablus"],
    }
    assert found.weight is not None
    assert found.weight.tolist() == [1.0, 0.5, 1.5]
    assert found.weighting is not None
    assert found.weighting.effective_sample_size == pytest.approx(36 / 14)


def test_targets_make_weights(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "votes.csv": HEAD + "".join(f"{i},1,1\n" for i in range(10)),
        "who.csv": "participant,sex\n"
        + "".join(f"{i},{'f' if i < 4 else 'm'}\n" for i in range(10)),
        "targets.csv": "attribute,category,share\nsex,f,50%\nsex,m,50%\n",
    }
    folder = write(tmp_path, files)
    options = Options(attributes=folder / "who.csv", weights=folder / "targets.csv")
    found = read_conversation(folder / "votes.csv", options)
    assert found.weight is not None
    assert found.weight[:4].sum() == pytest.approx(found.weight[4:].sum())
    assert found.weighting is not None
    assert found.weighting.method == "raking"


SEXES = "participant,sex\n1,f\n2,m\n"
WOMEN = "participant,sex\n1,f\n2,f\n"
TARGETS = "attribute,category,share\n"


@pytest.mark.parametrize(
    ("who", "weights", "kind"),
    [
        ("participant,sex\n1,f\n1,m\n", None, "duplicate_participant"),
        ("participant,sex\n77,f\n", None, "no_match"),
        ("participant\n1\n", None, "no_attributes"),
        ("participant,sex,sex\n1,f,f\n", None, "duplicate_column"),
        (None, "participant,weight\n1,0\n2,1\n", "bad_weight"),
        (None, "participant,weight\n1,1\n", "weight_missing"),
        (None, TARGETS + "sex,f,1\n", "target_without_attributes"),
        (SEXES, TARGETS + "sex,f,1\n", "category_without_target"),
        (WOMEN, TARGETS + "sex,m,1\n", "category_without_people"),
        (WOMEN, TARGETS + "age,f,1\n", "unknown_attribute"),
        (SEXES, TARGETS + "sex,f,0.4\nsex,m,0.4\n", "share_sum"),
        (SEXES, TARGETS + "sex,f,many\nsex,m,1\n", "bad_share"),
    ],
)
def test_faults_in_files_about_people(
    who: str | None, weights: str | None, kind: str, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {"votes.csv": HEAD + "1,1,1\n2,1,-1\n"}
    files |= {name: text for name, text in (("who.csv", who), ("w.csv", weights)) if text}
    folder = write(tmp_path, files)
    options = Options(
        attributes=folder / "who.csv" if who else None,
        weights=folder / "w.csv" if weights else None,
    )
    with pytest.raises(BadInput) as caught:
        read_conversation(folder / "votes.csv", options)
    assert caught.value.problems[0].kind == kind


CELL = st.sampled_from(
    ["1", "0", "-1", "", "2", "x", '"', "٣", "\0", "\n", "1.0", " ", "é", "participant", "vote"]
)
LINE = st.lists(CELL, max_size=5).map(",".join)
FILE = st.one_of(
    st.binary(max_size=200),
    st.lists(LINE, max_size=8).map(lambda lines: (HEAD + "\n".join(lines)).encode()),
    st.lists(LINE, max_size=8).map(
        lambda lines: ("participant,group-id,n-agree,1,2\n" + "\n".join(lines)).encode()
    ),
    st.binary(max_size=60).map(lambda tail: gzip.compress(HEAD.encode() * 3)[:40] + tail),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=FILE, name=st.sampled_from(["votes.csv", "votes.csv.gz", "participants-votes.csv"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with contextlib.suppress(BadInput):
        found = read_conversation(path)
        assert set(found.votes.vote.tolist()) <= {-1, 0, 1}
        assert found.votes.n_votes > 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=FILE)
def test_any_statements_are_read_or_refused(content: bytes, tmp_path: Path) -> None:
    write(tmp_path, {"votes.csv": HEAD + "1,1,1\n"})
    (tmp_path / "statements.csv").write_bytes(content)
    with pytest.raises(BadInput):
        read_conversation(tmp_path)


def test_matrix_is_told_by_its_header() -> None:
    assert matrix.is_matrix(["participant", "group-id", "n-votes", "0"], Meanings())
    assert matrix.is_matrix(["voter", "Q1", "Q2"], Meanings())
    assert not matrix.is_matrix(["participant", "statement", "vote"], Meanings())


def test_texts_have_a_place_beside_a_single_file(tmp_path: Path) -> None:
    folder = write(tmp_path, {"v.csv": long_csv(two_camps(8)), "statements.csv": statements_csv()})
    found = read_conversation(folder / "v.csv")
    assert found.texts[3] == {"en": "Statement 3, in English", "ar": "الرأي رقم 3"}
    assert [file.name for file in found.files] == ["v.csv", "statements.csv"]
