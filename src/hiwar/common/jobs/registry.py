"""What rooms have registered: their tasks, their duties by the clock, their watches."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks import task as library_task

from hiwar.common.models import Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    Look = TypeVar("Look", bound=Callable[[datetime], "Iterable[Wish]"])

SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Options:
    """How a task is run: ``tries`` None tries for ever, with ever longer pauses.

    ``held`` is the kind under which a pause of the house holds it; empty where none does.
    """

    tries: int | None
    budget: timedelta
    label: str | _StrPromise
    is_slow: bool = False
    give_up: Callable[..., None] | None = None
    held: str = Held.JOBS


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a duty returns: after a while, or each day at a time of the institution's clock."""

    name: str
    every: timedelta | None
    at: time | None

    @property
    def period(self) -> timedelta:
        """Return how long lies between two times at most."""
        return self.every or timedelta(days=1)

    def next_after(self, now: datetime) -> datetime:
        """Return when the duty is due again."""
        if self.every is not None:
            return now + self.every
        local = timezone.localtime(now)
        for ahead in (0, 1):
            day = local.date() + timedelta(days=ahead)
            due = datetime.combine(day, self.at or time(), tzinfo=local.tzinfo)
            if due > local:
                break
        return due


@dataclass(frozen=True, slots=True)
class Wish:
    """A job that a watch asks for; one that waits already under the key is not asked for twice."""

    name: str
    args: tuple[object, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that a worker asks the data again and again; it only reads."""

    look: Callable[[datetime], Iterable[Wish]]
    every: timedelta


_options: dict[str, Options] = {}
_holds: dict[str, str] = {}
_duties: dict[str, Schedule] = {}
_conditions: dict[str, Callable[[], bool]] = {}
_watches: dict[str, Watch] = {}


def task(
    *,
    label: str | _StrPromise,
    slow: bool = False,
    tries: int | None = 5,
    budget: timedelta = timedelta(minutes=10),
    give_up: Callable[..., None] | None = None,
    held: str = Held.JOBS,
) -> Callable[[Callable[..., None]], Any]:
    """Make a function of ids a task. It is run again when its worker died, so it repeats safely.

    Parameters
    ----------
    label : str
        What it does, for the desk's page of jobs.
    slow : bool
        It may take longer than some seconds; slow tasks never take a worker's last place.
    tries : int or None
        After so many failures it stays failed; None tries for ever.
    budget : timedelta
        What takes longer is ended and counts as a failure.
    give_up : callable or None
        Called with `key`, the task's first id, and `error`, in words, when the job failed for
        good: a process that was killed could not say so itself.
    held : str
        The kind (`Held`) under which it waits while the house is paused. Empty for what only
        keeps or deletes: that goes on.
    """

    def register(function: Callable[..., None]) -> Any:
        marked = library_task(queue_name=SLOW if slow else "default")(function)
        _options[_short(marked.module_path)] = Options(tries, budget, label, slow, give_up, held)
        _holds[marked.module_path] = held
        return marked

    return register


def duty(
    *,
    every: timedelta | None = None,
    at: time | None = None,
    where: Callable[[], bool] | None = None,
) -> Callable[[Any], Any]:
    """Let a task without arguments return by the clock: ``every`` so often, or each day ``at``.

    A time that passed while nothing ran is made up for once. ``where`` says whether the house has
    this duty at all, and is asked each time: a setting may differ from that of the import.
    """
    if (every is None) == (at is None):
        raise TypeError("A duty returns either every so often or at a time of day.")

    def register(marked: Any) -> Any:
        name = _short(marked.module_path)
        _duties[name] = Schedule(name, every, at)
        if where is not None:
            _conditions[name] = where
        return marked

    return register


def watch(*, every: timedelta) -> Callable[[Look], Look]:
    """Let a worker ask ``look(now)`` again and again for jobs that follow from the data."""

    def register(look: Look) -> Look:
        _watches[f"{look.__module__}.{look.__qualname__}"] = Watch(look, every)
        return look

    return register


def discover() -> None:
    """Import the `tasks` module of every room."""
    autodiscover_modules("tasks")


def task_named(name: str) -> Any:
    """Return the task ``room.function``; raises ``ImportError`` where there is none."""
    room, _dot, function = name.partition(".")
    return import_string(f"hiwar.{room}.tasks.{function}")


def options_of(path: str) -> Options:
    """Return how the task at a dotted path is run; its module may not have been read yet."""
    if _short(path) not in _options:
        with suppress(ImportError):
            import_string(path)
    return _options.get(_short(path), Options(5, timedelta(minutes=10), _short(path)))


def paths_by_hold() -> dict[str, str]:
    """Return the kind under which each task is held, by its dotted path."""
    discover()
    return dict(_holds)


def duties() -> dict[str, Schedule]:
    """Return what returns by the clock, by name."""
    discover()
    return {
        name: schedule
        for name, schedule in _duties.items()
        if name not in _conditions or _conditions[name]()
    }


def watches() -> list[Watch]:
    """Return what workers watch."""
    discover()
    return list(_watches.values())


def _short(path: str) -> str:
    """Return ``room.function`` of ``hiwar.room.tasks.function``."""
    return path.removeprefix("hiwar.").replace(".tasks.", ".")
