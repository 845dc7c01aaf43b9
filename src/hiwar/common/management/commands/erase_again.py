from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy

from hiwar.common.management.bringing import say_who_went_again
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Erase again in a restored house whom its list names, where restoring was cut off before."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Erase again whom a restored backup brought back; restore does so by itself."
    )
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it, and say how many."""
        try:
            say_who_went_again(self.stdout)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
