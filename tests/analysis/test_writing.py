"""Results stand there whole or not at all, whenever the writer dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from analysis.vote_files import environment
from hiwar.analysis import writing
from hiwar.analysis.problems import BadInput
from hiwar.analysis.writing import DOCUMENT, Staging, check_file, check_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS = b'{"engine":{"name":"hiwar.engine.opinion"}}'


def report(number: int) -> dict[str, list[bytes]]:
    page = [b"%d" % number] * 3
    return {"index.html": page, "index.ar.html": page, "index.en.html": page, DOCUMENT: [OURS]}


def publish(folder: Path, number: int) -> None:
    with Staging() as staging:
        staging.folder(folder, report(number))
        staging.publish()


def test_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for number in (1, 2):
        publish(tmp_path / "report", number)
        check_folder(tmp_path / "report")
        assert (tmp_path / "report" / "index.html").read_bytes() == b"%d" % number * 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


def test_folder_is_replaced_where_two_names_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_exchange", lambda *_: False)
    publish(tmp_path / "report", 1)
    publish(tmp_path / "report", 2)
    assert (tmp_path / "report" / "index.en.html").read_bytes() == b"222"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    publish(tmp_path / "report", 1)
    assert len(list((tmp_path / "report").iterdir())) == 4


@pytest.mark.parametrize("name", ["notes.txt", ".git", "index.html", "index.ar.html"])
def test_folder_of_somebody_else_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadInput, match="folder_not_ours"):
        check_folder(tmp_path)
    with pytest.raises(BadInput, match="folder_not_ours"):
        publish(tmp_path, 1)
    assert (tmp_path / name).read_text() == "mine"
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_targets_of_the_wrong_kind_are_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="not_a_folder"):
        check_folder(tmp_path / "file")
    with pytest.raises(BadInput, match="is_a_folder"):
        check_file(tmp_path)
    with pytest.raises(BadInput, match="not_found"):
        check_file(tmp_path / "nowhere" / "out.json")


def test_nothing_is_published_when_one_of_two_cannot_be_written(tmp_path: Path) -> None:
    def full() -> Iterator[bytes]:
        yield b"begun"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "out.json").write_bytes(b"before")
    with Staging() as staging:
        staging.file(tmp_path / "out.json", [b"after"])
        with pytest.raises(BadInput, match="cannot_write"):
            staging.folder(tmp_path / "report", {"index.html": full()})
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]
    assert (tmp_path / "out.json").read_bytes() == b"before"


WRITER = """
import sys
from pathlib import Path
from hiwar.analysis.writing import DOCUMENT, Staging
folder, document = Path(sys.argv[1]), Path(sys.argv[2])
ours = b'{"engine":{"name":"hiwar.engine.opinion"}}'
print("ready", flush=True)
for number in range(100000):
    page = [b"%06d" % number] * 2000
    with Staging() as staging:
        staging.folder(folder, {"index.html": page, "index.ar.html": page, DOCUMENT: [ours]})
        staging.file(document, page)
        staging.publish()
"""


@pytest.mark.parametrize("round_", range(6))
def test_a_killed_writer_leaves_whole_results(round_: int, tmp_path: Path) -> None:
    folder, document = tmp_path / "report", tmp_path / "out.json"
    publish(folder, 0)
    document.write_bytes(b"000000")
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(document)],
        env=environment(), stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    time.sleep(0.02 + 0.013 * round_)
    writer.kill()
    writer.wait()
    writer.stdout.close()
    pages = {(folder / name).read_bytes() for name in ("index.html", "index.ar.html")}
    assert len(pages) == 1, "both pages are of one run"
    for page in (*pages, document.read_bytes()):
        assert page == page[:6] * (len(page) // 6) or page == b"000"
    publish(folder, 7)
    with Staging() as staging:
        staging.file(document, [b"7"])
        staging.publish()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out.json", "report"]


def test_a_folder_taken_away_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    publish(tmp_path / "report", 1)
    dead = 2**22 + 1
    (tmp_path / "report").rename(tmp_path / f".report.hiwar-{dead}-00000000.old")
    with Staging() as staging:
        staging.folder(tmp_path / "report", report(2))
    assert (tmp_path / "report" / "index.html").read_bytes() == b"111"


def test_what_a_living_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".out.json.hiwar-{os.getppid()}-00000000.part"
    other.touch()
    with Staging() as staging:
        staging.file(tmp_path / "out.json", [b"1"])
        staging.publish()
    assert other.exists()
