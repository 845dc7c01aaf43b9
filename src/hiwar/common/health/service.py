"""The service itself: settings, addresses, database, work beside the requests, version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import hiwar
from hiwar.common.checks import is_public
from hiwar.common.health.findings import Finding, State, amber, green, red
from hiwar.common.jobs.overview import failing_jobs, late_duties
from hiwar.common.serving.readiness import readiness

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD_PROGRAM = timedelta(days=365)


def look(now: datetime) -> Iterator[Finding]:
    """Yield what there is to tell of the service."""
    yield from _refused()
    yield from _addresses()
    yield from _switches()
    yield from _readiness(now)
    yield from _work(now)
    yield _version(now)


def _refused() -> Iterator[Finding]:
    """Yield what keeps the server from starting, as the start-up checks tell it."""
    label = _("Settings")
    messages = run_checks(tags=[Tags.security, Tags.database], databases=list(connections))
    refused = [message for message in messages if message.is_serious()]
    for message in refused:
        action = message.hint or _("See docs/operations/settings.md.")
        yield Finding(str(message.id), label, State.RED, str(message.msg), str(action))
    if not refused:
        yield green("settings", label, _("No setting loses or exposes anything."))


def _addresses() -> Iterator[Finding]:
    label = _("Addresses")
    faults = list(_wrong_addresses(label))
    yield from faults or [green("addresses", label, _("People reach what links lead to."))]


def _wrong_addresses(label: str) -> Iterator[Finding]:
    desk_hosts = settings.DESK_HOSTS or settings.PUBLIC_HOSTS
    for name, address, hosts, setting in (
        ("HIWAR_ORIGIN", settings.PUBLIC_ORIGIN, settings.PUBLIC_HOSTS, "HIWAR_HOSTS"),
        ("HIWAR_DESK_ORIGIN", settings.DESK_ORIGIN, desk_hosts, "HIWAR_DESK_HOSTS"),
    ):
        parts = urlsplit(address)
        if parts.hostname not in [host.strip("[]") for host in hosts]:
            yield red(
                name, label,
                _("%(name)s names %(host)s, which is not served: links in letters would fail.")
                % {"name": name, "host": parts.hostname},
                _("Add it to %(setting)s, or set %(name)s right.")
                % {"name": name, "setting": setting},
            )  # fmt: skip
        elif settings.HTTPS and is_public(str(parts.hostname)) and parts.scheme != "https":
            yield red(
                name, label,
                _("%(name)s begins with http although HIWAR_HTTPS is on.") % {"name": name},
                _("Write https at its beginning."),
            )  # fmt: skip


def _switches() -> Iterator[Finding]:
    label = _("Switches")
    is_on = False
    for setting, value, text in (
        ("HIWAR_DEMO", settings.DEMO, _("The passwords of the demonstration are known.")),
        ("HIWAR_PRACTICE", settings.PRACTICE, _("The house practises: nothing is sent.")),
        ("HIWAR_DEBUG", settings.DEBUG, _("Pages of faults show settings and data.")),
    ):
        if value:
            is_on = True
            action = _("Set %(setting)s=off before real people work here.") % {"setting": setting}
            yield amber(setting, label, text, action)
    if not is_on:
        yield green("switches", label, _("Nothing is switched on that is only for trying."))


def _readiness(now: datetime) -> Iterator[Finding]:
    state = readiness(now)
    sentences = {
        "database": (
            _("Database"),
            _("It can be written."),
            _("The database cannot be written."),
            _("Is the disk full, or the server of the database down?"),
        ),
        "tables": (
            _("Tables"),
            _("The tables are those of this version."),
            _("The tables are not those of this version."),
            _("Run hiwar prepare."),
        ),
        "pages": (
            _("Pages"),
            _("Pages can be shown."),
            _("The files of pages are missing."),
            _("Run hiwar prepare."),
        ),
        "workers": (
            _("Workers"),
            _("Work beside the pages is done."),
            _("No worker is running, or fewer than this node starts."),
            _("Start the service again; HIWAR_WORKERS says how many workers it has."),
        ),
    }
    for name, (label, well, text, action) in sentences.items():
        if state.conditions[name]:
            yield green(name, label, well)
        else:
            yield red(name, label, text, action)


def _work(now: datetime) -> Iterator[Finding]:
    label, where = _("Jobs"), _("The page of jobs says which, and why.")
    if failing := failing_jobs():
        text = ngettext("%(n)d job failed", "%(n)d jobs failed", failing) % {"n": failing}
        yield amber("jobs", label, f"{text}.", where)
    else:
        yield green("jobs", label, _("No job failed."))
    label = _("Duties")
    late = late_duties(now)
    for line in late:
        text = _("Late: %(duty)s.") % {"duty": line.label}
        yield amber("duties", label, text, str(line.error) or where)
    if not late:
        yield green("duties", label, _("Each was done in its time."))


def laid_down() -> datetime:
    """Return when the program that runs here was put on this machine."""
    return datetime.fromtimestamp(Path(hiwar.__file__).stat().st_mtime, UTC)


def _version(now: datetime) -> Finding:
    """Tell version and age; nobody is asked over the network whether there is a newer one."""
    label = _("Version")
    days = max((now - laid_down()).days, 0)
    text = ngettext(
        "Hiwar %(version)s, on this machine for %(n)d day.",
        "Hiwar %(version)s, on this machine for %(n)d days.",
        days,
    ) % {"version": hiwar.__version__, "n": days}
    if not days:
        text = _("Hiwar %(version)s, on this machine since today.") % {"version": hiwar.__version__}
    if days > OLD_PROGRAM.days:
        action = _("Ask where it came from for a newer version; make a backup before.")
        return amber("version", label, text, action)
    return green("version", label, text)
