from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.actions.danger import pause_on_machine
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Let the house stand still, from the machine itself."""

    help = "Pause the house: nothing is taken in, sent or published until two people end it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Pause, and say how it ends."""
        try:
            pause_on_machine(at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Paused. Two people let it go on, at the desk or with: hiwar resume EMAIL EMAIL")
        )
