from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.accounts.actions.factors import let_person_in
from hiwar.channels.actions.ways import let_house_in
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Let a restored house send, or a person in who lost the second factor; both are logged."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Let a restored house send and read letters; with --person, print new recovery codes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whom."""
        parser.add_argument("--person", metavar="EMAIL", default="")

    def handle(self, *_args: Any, person: str, **_options: Any) -> None:
        """Do it, and say what follows."""
        now = timezone.now()
        if not person:
            count = let_house_in(at=now)
            self.stdout.write(
                ngettext(
                    "%(n)d channel sends from here now.",
                    "%(n)d channels send from here now.",
                    count,
                )
                % {"n": count}
            )
            return
        try:
            codes = let_person_in(email=person, at=now)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_("New recovery codes; each is good for one sign-in after the password:"))
        for code in codes:
            self.stdout.write(f"  {code}")
