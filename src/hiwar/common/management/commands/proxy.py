from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy

from hiwar.common.serving.proxies import MADE, front


class Command(BaseCommand):
    """Print the configuration of a server in front, made from the settings."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Print the configuration of Caddy or nginx in front of this house."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which server, and where its certificate is from."""
        parser.add_argument("server", choices=sorted(MADE))
        parser.add_argument("--own-authority", action="store_true")
        parser.add_argument("--certificate", default="", metavar="FILE")
        parser.add_argument("--certificate-key", default="", metavar="FILE")

    def handle(self, *_args: Any, server: str, **options: Any) -> None:
        """Print it."""
        to = front(
            has_own_authority=options["own_authority"],
            certificate=options["certificate"],
            key=options["certificate_key"],
        )
        self.stdout.write(MADE[server](to).rstrip())
