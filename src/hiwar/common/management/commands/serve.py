from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from hiwar.common.checks import refuse_unsafe_settings
from hiwar.common.jobs.supervisor import Supervisor
from hiwar.common.serving.beats import Beats
from hiwar.common.serving.locks import TakenError, hold_folder, probe_port


class Command(BaseCommand):
    """Serve the installation; refuses settings that would lose or expose data."""

    help = "Serve Hiwar at HIWAR_BIND, with its workers."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another address than the configured one."""
        parser.add_argument("--bind", default=settings.BIND, help="address:port")

    def handle(self, *_args: Any, bind: str, **_options: Any) -> None:
        """Check, say where, and serve until told to stop."""
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces, Loops

        refuse_unsafe_settings()
        address, _colon, port = bind.rpartition(":")
        if not port.isdigit():
            message = f"{bind}: expected address:port, for example 127.0.0.1:8000"
            raise CommandError(message)
        address = address.strip("[]") or "127.0.0.1"
        try:
            hold_folder(settings.DATA)
            probe_port(address, int(port))
        except TakenError as taken:
            raise CommandError(str(taken)) from taken
        self.stdout.write(f"Hiwar: {settings.PUBLIC_ORIGIN}/ (Ctrl-C stops)")
        self.stdout.flush()
        # What serves ends with this process even when it is killed: see `config.asgi`.
        os.environ["HIWAR_SERVED_BY"] = str(os.getpid())
        supervisor = Supervisor(settings.WORKERS)
        supervisor.start()
        server = Granian(
            "hiwar.config.asgi:application",
            address=address,
            port=int(port),
            interface=Interfaces.ASGI,
            loop=Loops.uvloop,
            http=HTTPModes.http1,
            workers=1,
            websockets=False,
            workers_kill_timeout=10,
        )
        # The language of whoever started this is not the one of the house.
        translation.deactivate()
        beats = Beats(address, int(port), settings.ALLOWED_HOSTS[0])
        beats.start()
        try:
            server.serve()
        finally:
            beats.end()
            supervisor.end()
