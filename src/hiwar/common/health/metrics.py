"""Figures of the house in the text form of OpenMetrics, for a program that draws them.

Labels are names of the program alone: routes, duties, states. Nothing that somebody typed, no
person, address or title may become one; `line_of` refuses what does not look like such a name.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.db.models import Count

import hiwar
from hiwar.common.backup import offsite, proving
from hiwar.common.backup.copying import DUTY, day_of, kept_in
from hiwar.common.jobs.overview import duty_lines
from hiwar.common.models import Job, Worker
from hiwar.common.serving.readiness import readiness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
OFF, LOOPBACK, TOKEN = "off", "loopback", "token"
OWN_NAME = re.compile(r"[A-Za-z][\w.:\-]{0,80}|[1-5]xx|\d+\.\d+\.\d+[\w.+]{0,20}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its values by labels; a counter only ever grows."""

    name: str
    says: str
    values: Sequence[tuple[Mapping[str, str], float]]
    is_counter: bool = False


@dataclass(slots=True)
class Requests:
    """How often each route was answered in this process, and how long that took in all."""

    counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    gate: threading.Lock = field(default_factory=threading.Lock)

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one answer; the route is known by its name, never by its path."""
        with self.gate:
            self.counts[route, f"{status // 100}xx"] += 1
            self.seconds[route] += seconds

    def figures(self) -> list[Figure]:
        """Return what was counted."""
        with self.gate:
            counts, seconds = dict(self.counts), dict(self.seconds)
        return [
            Figure("hiwar_requests", "Requests answered by this process, by route.",
                   [({"route": route, "status": status}, n)
                    for (route, status), n in sorted(counts.items())], is_counter=True),
            Figure("hiwar_requests_seconds", "Seconds spent on them.",
                   [({"route": route}, spent) for route, spent in sorted(seconds.items())],
                   is_counter=True),
        ]  # fmt: skip


# /healthz is answered before any host is asked for.
ASKED_BY_PROGRAMS = frozenset(["/readyz", "/metrics"])
requests = Requests()
_sources: dict[str, Callable[[datetime], Iterable[Figure]]] = {}


def register_figures(name: str, source: Callable[[datetime], Iterable[Figure]]) -> None:
    """Let a room tell figures; the same name registered twice counts once."""
    _sources[name] = source


def asked_from_here(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a program of this machine ask how the house is under whatever name it knows it by.

    It says ``127.0.0.1`` for a host, which a house with a name of its own refuses.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path in ASKED_BY_PROGRAMS and is_from_here(request):
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
        return get_response(request)

    return respond


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether a request is of this very machine.

    What came through a proxy never is, whatever its address says.
    """
    is_forwarded = any(name.startswith("X-Forwarded") for name in request.headers)
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not is_forwarded


def counting(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Count answers by the name of their route, where figures are asked for at all."""
    if settings.METRICS == OFF:
        raise MiddlewareNotUsed
    from time import perf_counter

    def respond(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = get_response(request)
        match = request.resolver_match
        route = (match.view_name if match else "") or "none"
        requests.count(route, response.status_code, perf_counter() - began)
        return response

    return respond


def may_read(request: HttpRequest) -> bool:
    """Tell whether a request may read the figures: by the token, or from this very machine."""
    if settings.METRICS == TOKEN:
        from django.utils.crypto import constant_time_compare

        word = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return bool(settings.METRICS_TOKEN) and constant_time_compare(word, settings.METRICS_TOKEN)
    return settings.METRICS == LOOPBACK and is_from_here(request)


def exposition(now: datetime) -> str:
    """Return every figure as text."""
    figures = [*own_figures(now), *requests.figures()]
    for source in _sources.values():
        figures += source(now)
    lines = [line for figure in figures if figure.values for line in lines_of(figure)]
    return "\n".join([*lines, "# EOF", ""])


def lines_of(figure: Figure) -> Iterator[str]:
    """Yield the lines of one figure; raises ``ValueError`` for a label that is no own name."""
    yield f"# TYPE {figure.name} {'counter' if figure.is_counter else 'gauge'}"
    yield f"# HELP {figure.name} {figure.says}"
    name = f"{figure.name}_total" if figure.is_counter else figure.name
    for labels, value in figure.values:
        for label in labels.values():
            if not OWN_NAME.fullmatch(label):
                raise ValueError(figure.name)
        inside = ",".join(f'{key}="{label}"' for key, label in labels.items())
        yield f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def own_figures(now: datetime) -> Iterator[Figure]:
    """Yield what there is to tell of node, work, backups and disk."""
    state = readiness(now)
    yield Figure("hiwar_version", "The version that runs, always 1.",
                 [({"version": hiwar.__version__}, 1)])  # fmt: skip
    yield Figure("hiwar_ready", "Whether this node may take traffic.", [({}, state.is_ready)])
    conditions = [({"condition": name}, holds) for name, holds in state.conditions.items()]
    yield Figure("hiwar_condition", "Whether each condition of it holds.", conditions)
    yield Figure("hiwar_work", "Whether work beside the requests goes on.",
                 [({"work": name}, holds) for name, holds in state.work.items()])  # fmt: skip
    yield Figure("hiwar_workers", "Workers that are listed.", [({}, Worker.objects.count())])
    jobs = Job.objects.order_by().values_list("state").annotate(count=Count("pk"))
    yield Figure("hiwar_jobs", "Jobs by state.", [({"state": state}, n) for state, n in jobs])
    duties = duty_lines(now)
    yield Figure("hiwar_duty_age_seconds", "Seconds since a duty last succeeded.",
                 [({"duty": duty.name}, (now - duty.last_success_at).total_seconds())
                  for duty in duties if duty.last_success_at])  # fmt: skip
    yield Figure("hiwar_duty_late", "Whether a duty is late by its own measure.",
                 [({"duty": duty.name}, duty.is_late) for duty in duties])  # fmt: skip
    ages = {"backup": day_of(DUTY), "proof": day_of(proving.PROOF)}
    values = [({"of": of}, (now - day).total_seconds()) for of, day in ages.items() if day]
    if (copies := offsite.age_of_copies(now)) is not None:
        values.append(({"of": "copy"}, copies.total_seconds()))
    yield Figure("hiwar_backup_age_seconds", "Seconds since backup, proof, copy elsewhere.", values)
    kept = kept_in(settings.BACKUP_TO)
    yield Figure("hiwar_backup_bytes", "Size of the newest backup.",
                 [({}, kept[-1].stat().st_size)] if kept else [])  # fmt: skip
    usage = shutil.disk_usage(settings.DATA)
    yield Figure("hiwar_disk_bytes", "Disk with the data, whole and free.",
                 [({"part": "total"}, usage.total), ({"part": "free"}, usage.free)])  # fmt: skip
    yield Figure("hiwar_database_bytes", "Database, and SQLite's log beside it.",
                 list(_database_sizes()))  # fmt: skip


def _database_sizes() -> Iterator[tuple[Mapping[str, str], float]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            yield {"part": "database"}, cursor.fetchone()[0]
        return
    path = Path(str(connection.settings_dict["NAME"]))
    for part, file in (("database", path), ("log", path.with_name(f"{path.name}-wal"))):
        if file.is_file():
            yield {"part": part}, file.stat().st_size
