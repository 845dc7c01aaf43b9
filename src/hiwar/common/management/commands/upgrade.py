from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common.backup.proving import START, open_pages
from hiwar.common.refusals import Refused
from hiwar.common.upgrading import house as places
from hiwar.common.upgrading import steps

PROGRAM, UNITS = Path("/opt/hiwar"), Path("/etc/systemd/system")


class Command(BaseCommand):
    """Put the version that this command belongs to into a house."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Put another version into the house: sudo hiwar upgrade FOLDER."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is done, and how the house is closed and opened where systemd does not run."""
        parser.add_argument("--program", type=Path, default=PROGRAM, metavar="NAME")
        parser.add_argument("--without-backup", action="store_true")
        parser.add_argument("--lets-rows-go", action="store_true")
        parser.add_argument("--rehearse", action="store_true")
        parser.add_argument("--back", action="store_true")
        parser.add_argument("--settle", action="store_true")
        parser.add_argument("--at-start", action="store_true")
        parser.add_argument("--look", action="store_true")
        parser.add_argument("--alone", action="store_true")
        for name in ("close", "open", "work"):
            parser.add_argument(f"--{name}-by", metavar="COMMAND")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it in a process of its own, so that somebody is there to settle what was killed."""
        if options["look"]:
            self.stdout.write(str(open_pages()))
            return
        if connection.vendor != "sqlite":
            raise CommandError(
                _("On PostgreSQL: a backup, then make install in the folder of the new version.")
            )
        house = self._house(**options)
        try:
            if options["settle"]:
                steps.settle(house)
            elif options["back"]:
                steps.back_after_all(house)
            elif options["rehearse"]:
                steps.rehearse(house, lets_rows_go=options["lets_rows_go"])
            elif options["alone"]:
                self._upgrade(house, **options)
            else:
                self._watch(house)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _upgrade(self, house: places.House, **options: Any) -> None:
        if not options["without_backup"]:
            house.say(house.run(house.link, "backup").strip())
        stamp = f"{timezone.now():%Y%m%d-%H%M%S}"
        steps.upgrade(house, stamp=stamp, lets_rows_go=options["lets_rows_go"])

    def _watch(self, house: places.House) -> None:
        # A terminal that is closed, or an impatient hand, ends neither of both.
        for number in (signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        ended = subprocess.run(  # noqa: S603 -- this program itself
            [sys.executable, "-c", START, *sys.argv[1:], "--alone"], check=False
        )
        if ended.returncode and steps.settle(house):
            house.say(_("The upgrade was cut off and has been settled: hiwar doctor"))
        if ended.returncode:
            sys.exit(1)

    def _house(self, **options: Any) -> places.House:
        has_services = Path("/run/systemd/system").is_dir()
        commands = {
            "close": ["systemctl", "stop", *places.PAGES, *places.WORK],
            "open": ["systemctl", "start", *places.PAGES],
            "work": ["systemctl", "start", *places.WORK],
        }
        for name, command in commands.items():
            if options["at_start"]:
                commands[name] = []
            elif options[f"{name}_by"]:
                commands[name] = shlex.split(options[f"{name}_by"])
            elif not has_services:
                raise CommandError(
                    _("systemd does not run here: say --%(name)s-by COMMAND") % {"name": name}
                )
            else:
                commands[name] = command
        return places.House(
            link=options["program"],
            new=settings.HOME,
            data=settings.DATA,
            database=Path(str(settings.DATABASES["default"]["NAME"])),
            close_by=commands["close"],
            open_by=commands["open"],
            work_by=commands["work"],
            asks=(
                _always
                if options["at_start"]
                else places.asking(settings.BIND, settings.ALLOWED_HOSTS[0])
            ),
            say=self._say,
            units=UNITS if has_services and os.geteuid() == 0 else None,
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _always() -> bool:
    return True
