"""Another version comes in whole or not at all, wherever the one who puts it in is killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import textwrap
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from hiwar.common.upgrading import steps
from hiwar.common.upgrading.house import House, StepFailed
from hiwar.common.upgrading.journal import JOURNAL, UpgradeRuns, one_upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VOTES = 50
# What the kernel is asked for by an upgrade, as Python tells of it.
ASKED = ("open", "os.", "sqlite3.connect", "subprocess.Popen", "shutil.", "fcntl.")
POINTS_TRIED = 20

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Reasons are compared with words."""
    with override("en"):
        yield


def write_program(folder: Path, version: str, *, prepare: str = "", look: str = "") -> Path:
    """A program whose command brings tables up to its version, and looks at pages."""
    command = folder / ".venv/bin/hiwar"
    command.parent.mkdir(parents=True)
    (folder / "version").write_text(version)
    command.write_text(
        f"#!{sys.executable} -IS\n"
        + textwrap.dedent(f"""\
            import os, sqlite3, sys
            path = os.environ["HIWAR_DATABASE_URL"].removeprefix("sqlite:///")
            rows = sqlite3.connect(path)
            if sys.argv[1] == "prepare":
                rows.execute("CREATE TABLE came_with_{version} (id INTEGER)")
                {prepare or "pass"}
            else:
                {look or "pass"}
            rows.commit()
            """)
    )
    command.chmod(0o755)
    return folder


def write_house(root: Path, *, is_first: bool = False, **new: str) -> House:
    """A house of version 1, open, and version 2 in a folder beside."""
    data = root / "data"
    data.mkdir(parents=True)
    database = data / "hiwar.sqlite3"
    with closing(sqlite3.connect(database)) as rows:
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE vote (id INTEGER PRIMARY KEY, value INTEGER)")
        rows.executemany("INSERT INTO vote (value) VALUES (?)", [(1,)] * VOTES)
        rows.commit()
    link = root / "hiwar"
    if is_first:
        write_program(link, "1")
    else:
        link.symlink_to(write_program(root / "hiwar-releases/old", "1"))
    (root / "open").touch()
    return House(
        link=link,
        new=write_program(root / "hiwar-releases/new", "2", **new),
        data=data,
        database=database,
        close_by=["rm", "-f", str(root / "open")],
        open_by=["touch", str(root / "open")],
        work_by=[],
        asks=(root / "open").exists,
        say=lambda _text: None,
        patience=0.0,
    )


def version_of(house: House) -> str:
    """The version of program and tables, which are of one; all rows are there, it is open."""
    program = (house.link / "version").read_text()
    with closing(sqlite3.connect(house.database)) as rows:
        names = {name for (name,) in rows.execute("SELECT name FROM sqlite_master")}
        assert rows.execute("SELECT count(*), sum(value) FROM vote").fetchone() == (VOTES, VOTES)
        assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ("came_with_2" in names) == (program == "2")
    assert (house.data.parent / "open").exists(), "the house was left closed"
    assert not (house.data / JOURNAL).exists()
    assert not house.scratch.exists()
    return program


@pytest.mark.parametrize("is_first", [False, True], ids=["second", "first"])
def test_version_comes_and_goes_back_after_all(tmp_path: Path, *, is_first: bool) -> None:
    house = write_house(tmp_path, is_first=is_first)
    steps.upgrade(house, stamp="now")
    assert version_of(house) == "2"
    steps.back_after_all(house)
    assert version_of(house) == "1"
    with pytest.raises(StepFailed, match="no longer kept"):
        steps.back_after_all(house)
    # And what an upgrade before kept is not taken for what this one keeps.
    steps.upgrade(house, stamp="later")
    assert version_of(house) == "2"


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ({"prepare": "sys.exit('no such column')"}, "no such column"),
        ({"look": "sys.exit('/ar/: 500')"}, "/ar/: 500"),
        ({"prepare": "rows.execute('DELETE FROM vote WHERE id = 7')"}, "vote: 50 → 49"),
        # It fails with the house itself and not with its copy: the way back by itself.
        ({"prepare": "'rehearsal' in path or sys.exit('disk full')"}, "disk full"),
    ],
    ids=["tables", "pages", "rows", "late"],
)
def test_what_fails_leaves_the_house_as_it_was(
    tmp_path: Path, new: dict[str, str], reason: str
) -> None:
    house = write_house(tmp_path, **new)
    with pytest.raises(StepFailed, match=reason):
        steps.upgrade(house, stamp="now")
    assert version_of(house) == "1"


def test_a_version_that_never_answers_goes_back(tmp_path: Path) -> None:
    house = write_house(tmp_path)
    silent = (house.data.parent / "silent").exists
    with pytest.raises(StepFailed, match="does not answer"):
        steps.upgrade(replace(house, asks=silent), stamp="now")
    assert version_of(house) == "1"


def test_only_one_upgrades(tmp_path: Path) -> None:
    house = write_house(tmp_path)
    with one_upgrade(house.data), pytest.raises(UpgradeRuns):
        steps.upgrade(house, stamp="now")


def in_child(work: Callable[[], None], *, dies_at: int = 0) -> int:
    """Do something in a process that is killed when it asks the kernel for the n-th thing.

    Return how many things it asked for, or minus the signal.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        asked = 0

        def count(event: str, _arguments: object) -> None:
            nonlocal asked
            if event.startswith(ASKED):
                asked += 1
                if asked == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        except BaseException:  # noqa: BLE001 -- nothing of the test run may go on here
            os._exit(3)
        os.write(writing, str(asked).encode())
        os._exit(0)
    os.close(writing)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(reading, "rb") as answer:
        text = answer.read()
    return int(text) if status == 0 else status if status < 0 else -1000


def killed_at(root: Path, point: int, *, is_first: bool) -> str:
    """Upgrade, die at a point, settle; return the version that is open then."""
    house = write_house(root, is_first=is_first)
    assert in_child(lambda: steps.upgrade(house, stamp="now"), dies_at=point) == -signal.SIGKILL
    # Settling may be killed as well, at any point of its own.
    in_child(lambda: settled(house), dies_at=1 + point % 7)
    settled(house)
    return version_of(house)


def settled(house: House) -> None:
    """What the next start of the machine does, or the same command again."""
    steps.settle(house)
    # A rehearsal that was killed is no upgrade: what it left goes with the next one, or the hour.
    steps.wipe(house.scratch)


def points_of(root: Path, *, is_first: bool) -> int:
    house = write_house(root, is_first=is_first)
    asked = in_child(lambda: steps.upgrade(house, stamp="now"))
    assert asked > POINTS_TRIED
    return asked


@pytest.mark.costly("kills an upgrade at twenty points")
def test_killed_at_twenty_points_loses_nothing(tmp_path: Path) -> None:
    asked = points_of(tmp_path / "whole", is_first=False)
    points = [1 + asked * number // POINTS_TRIED for number in range(POINTS_TRIED)]
    ends = [killed_at(tmp_path / str(point), point, is_first=False) for point in points]
    assert ends == sorted(ends)
    assert set(ends) == {"1", "2"}


@pytest.mark.exhaustive("upgrade")
@pytest.mark.parametrize("is_first", [False, True], ids=["second", "first"])
def test_killed_at_every_point_loses_nothing(tmp_path: Path, *, is_first: bool) -> None:
    asked = points_of(tmp_path / "whole", is_first=is_first)
    ends = [
        killed_at(tmp_path / str(point), point, is_first=is_first) for point in range(1, asked + 1)
    ]
    assert ends == sorted(ends)
    assert set(ends) == {"1", "2"}
