from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.accounts.actions.danger import resume_on_machine
from hiwar.common import pauses
from hiwar.common.models import Held
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Let the house go on by two people whose names are recorded."""

    help = "Let a paused house go on; two people who may are named and recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take two addresses, and what is released."""
        parser.add_argument("first", help="e-mail address of the first person")
        parser.add_argument("second", help="e-mail address of the second person")
        parser.add_argument(
            "--release", action="append", default=[], choices=Held.values,
            help="a kind that is released; give it again for each. What is not named stays held.",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what waits, go on, and say what is still held."""
        now = timezone.now()
        for line in pauses.waiting(now):
            self.stdout.write(f"{line.kind.label} · {line.label}: {line.count}")
        try:
            pause = resume_on_machine(
                first=options["first"], second=options["second"], kinds=options["release"], at=now
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        held = pgettext("between names", ", ").join(str(Held(kind).label) for kind in pause.held)
        self.stdout.write(_("The house goes on."))
        if held:
            self.stdout.write(_("Still held: %(kinds)s") % {"kinds": held})
