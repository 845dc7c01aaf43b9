"""Which tests run together, what each costs, and which run only when their files have changed.

A plug-in of pytest. `tools/lanes.py` starts one pytest for each lane:

* ``rooms``: what computes and asks the database, on SQLite;
* ``waiting``: what waits for a browser, a served installation or a process of its own;
* ``postgres``: what asks the database, on PostgreSQL; no walks and nothing that waits.

Without ``--lane`` all of them run. A test marked ``exhaustive`` belongs to a part of
``tests/exhaustive.json`` and runs where ``--exhaustive`` names that part.
"""

from __future__ import annotations

import gc
import json
import re
import resource
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LANES = ("rooms", "waiting", "postgres")
WAITS = {"chromium", "window", "live_server", "served", "phone"}
# What a module must say to hold a test that waits: others are not even read in that lane.
MAY_WAIT = re.compile(r"\b(chromium|window|live_server|Served|served|mark\.(browser|waiting))\b")
# The roles that may the same as another are exhaustive by their parameter, not by a mark there.
MAY_BE_EXHAUSTIVE = re.compile(r"\b(exhaustive|roles_that_differ)\b")
TOUCHES = {"db", "transactional_db", "django_db_setup"}
KEPT = Path(__file__).with_name("durations.json")
PARTS: dict[str, list[str]] = {
    part: entry["files"]
    for part, entry in json.loads(
        Path(__file__).with_name("exhaustive.json").read_text("utf-8")
    ).items()
}
LEFT = pytest.StashKey[dict[str, int]]()
COSTS = pytest.StashKey[dict[str, list[Any]]]()
FAILED = pytest.StashKey[dict[str, str | None]]()
_before = 0.0
_making = False


def processor_seconds() -> float:
    """Return what this process and its ended children have used so far."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lanes")
    group.addoption("--lane", choices=LANES, help="run the tests of one lane")
    group.addoption(
        "--exhaustive", default="", help="`all`, or parts of tests/exhaustive.json with commas"
    )
    group.addoption("--only-exhaustive", action="store_true", help="run nothing else")
    group.addoption("--costs", type=Path, help="write what each test took into this file")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT] = {}
    config.stash[COSTS] = {}
    config.stash[FAILED] = {}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read modules that cannot hold a test of this lane."""
    lane = config.getoption("--lane")
    if collection_path.suffix == ".py" and collection_path.name.startswith("test_"):
        text = collection_path.read_text("utf-8")
        if lane == "waiting" and not MAY_WAIT.search(text):
            return True
        if config.getoption("--only-exhaustive") and not MAY_BE_EXHAUSTIVE.search(text):
            return True
    return None


def lane_of(item: pytest.Item) -> str:
    """Return `rooms` or `waiting`; a module that serves installations waits as a whole."""
    fixtures = set(getattr(item, "fixturenames", ()))
    waits = (
        fixtures & WAITS
        or any(item.get_closest_marker(name) for name in ("browser", "waiting"))
        or hasattr(getattr(item, "module", None), "Served")
    )
    return "waiting" if waits else "rooms"


def is_for_postgres(item: pytest.Item) -> bool:
    """Return whether a test may tell another thing on PostgreSQL than on SQLite."""
    fixtures = set(getattr(item, "fixturenames", ()))
    touches = fixtures & TOUCHES or item.get_closest_marker("django_db")
    # Those that take a server of their own ask both databases in their own lane.
    return bool(
        touches
        and lane_of(item) == "rooms"
        and "postgres_url" not in fixtures
        and not item.get_closest_marker("walk")
    )


def part_of(item: pytest.Item) -> str | None:
    """Return the part of the exhaustive tests that an item belongs to."""
    marker = item.get_closest_marker("exhaustive")
    if marker is None:
        return None
    # What names no part runs with everything alone; `tests/test_docs.py` asks for the name.
    return str(marker.args[0]) if marker.args and marker.args[0] in PARTS else "rest"


def group_of(item: pytest.Item) -> str:
    """Return what tests share a served installation or a browser."""
    module = item.nodeid.partition("::")[0]
    callspec = getattr(item, "callspec", None)
    served = str(callspec.params.get("served", "")) if callspec else ""
    return module + served


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    lane = config.getoption("--lane")
    chosen = set(filter(None, config.getoption("--exhaustive").split(",")))
    only = config.getoption("--only-exhaustive")
    kept, left = [], []
    for item in items:
        part = part_of(item)
        runs = (only and part is None, part and not {"all", part} & chosen)
        if part and runs[1]:
            config.stash[LEFT][part] = config.stash[LEFT].get(part, 0) + 1
        if any(runs):
            left.append(item)
        elif lane is None or (
            is_for_postgres(item) if lane == "postgres" else lane_of(item) == lane
        ):
            kept.append(item)
        else:
            left.append(item)
    if lane == "waiting":
        _longest_first(kept)
    if only:
        _together(kept)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = kept
    if hasattr(config, "workeroutput"):
        config.workeroutput["left"] = config.stash[LEFT]


def pytest_collection_finish() -> None:
    """Leave what stays for the whole run out of every search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _longest_first(items: list[pytest.Item]) -> None:
    """Send the groups that take longest first, so that none of them is the tail."""
    known: dict[str, float] = json.loads(KEPT.read_text("utf-8"))["groups"]
    groups = {item: group_of(item) for item in items}
    many = Counter(groups.values())
    items.sort(key=lambda item: (-known.get(groups[item], many[groups[item]]), groups[item]))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups[item]))


def _together(items: list[pytest.Item]) -> None:
    """Keep the tests of a module, and so what it serves, in one process; walks go one by one."""
    for item in items:
        if not item.get_closest_marker("walk"):
            item.add_marker(pytest.mark.xdist_group(group_of(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    global _before  # noqa: PLW0603
    _before = processor_seconds()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """Charge what several tests share, such as a served house, to none of them.

    What it costs falls on whichever test comes first or last, and on another in each order. An
    ended process is charged when it is waited for, so the ending is left out as well.
    """
    global _before, _making  # noqa: PLW0603
    if fixturedef.scope == "function" or _making:
        return (yield)
    ended = []

    def end() -> None:
        global _before  # noqa: PLW0603
        _before += processor_seconds() - ended.pop()

    # Finalizers run in the reverse of their order: the last one here marks where the ending begins.
    fixturedef.addfinalizer(end)
    _making, started = True, processor_seconds()
    try:
        return (yield)
    finally:
        _making = False
        _before += processor_seconds() - started
        fixturedef.addfinalizer(lambda: ended.append(processor_seconds()))


@contextmanager
def uncharged() -> Iterator[None]:
    """Charge what is made once for the whole run, on the way of a test, to no test."""
    global _before  # noqa: PLW0603
    started = processor_seconds()
    try:
        yield
    finally:
        # Within what several tests share it is left out already.
        _before += 0 if _making else processor_seconds() - started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    global _before  # noqa: PLW0603
    report = yield
    after = processor_seconds()
    marker = item.get_closest_marker("costly") or item.get_closest_marker("exhaustive")
    report.cost = (after - _before, marker is not None, group_of(item))
    report.part = part_of(item)
    _before = after
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if _config is None or not hasattr(report, "cost"):
        return
    if report.failed:
        _config.stash[FAILED][report.nodeid] = report.part
    processor, may, group = report.cost
    entry = _config.stash[COSTS].setdefault(report.nodeid, [0.0, 0.0, may, group])
    entry[0] += processor
    entry[1] += report.duration


_config: pytest.Config | None = None


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    global _config  # noqa: PLW0603
    _config = None if hasattr(session.config, "workerinput") else session.config


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    if _config is not None:
        _config.stash[LEFT].update(getattr(node, "workeroutput", {}).get("left", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    file = session.config.getoption("--costs")
    if _config is not None and file:
        file.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "tests": _config.stash[COSTS],
            "left": _config.stash[LEFT],
            "failed": _config.stash[FAILED],
        }
        file.write_text(json.dumps(content), "utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left = config.stash[LEFT]
    if left and config.getoption("--costs") is None:
        told = ", ".join(f"{part} ({many})" for part, many in sorted(left.items()))
        terminalreporter.write_line(f"left out, `make test-all` runs them: {told}", yellow=True)
