from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.actions.demo import remove_demo, remove_parts
from hiwar.accounts.queries import the_institution
from hiwar.common.links.actions import forget_orphaned_links
from hiwar.common.models import AuditEntry, IssuedNumber
from hiwar.common.personal.proof import sweep
from hiwar.common.search.indexing import reindex


class Command(BaseCommand):
    """Remove the demonstration: it asks first, leaves nothing behind and does not come back."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Remove the demonstration, its people and institution too; roles stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take that the question is answered already."""
        parser.add_argument("--yes", action="store_true")

    def handle(self, *_args: Any, yes: bool, **_options: Any) -> None:
        """Ask, remove, and say how much went and what stays."""
        if settings.DEMO:
            raise CommandError(
                _("Set HIWAR_DEMO=off first: with it on, the next start loads it all again.")
            )
        house = the_institution()
        if house is not None and house.is_demo and not yes:
            name = str(house.short_name or house.name)
            self.stdout.write(
                _("All records of the demonstration go. To go on, type its name: %(name)s")
                % {"name": name}
            )
            if input("> ").strip() != name:
                raise CommandError(_("That is another name; nothing was removed."))
        removed = remove_parts(folder=settings.DEMO_FOLDER) + remove_demo()
        # Rooms remove in bulk, which passes by the index and by links.
        removed += forget_orphaned_links()
        reindex()
        sweep()
        self.stdout.write(_("demo: %(n)d records removed") % {"n": removed})
        self.stdout.write(
            _(
                "Left: roles, %(numbers)d numbers of letters, which are never given twice, and "
                "%(n)d entries of the log of activity, which is never shortened."
            )
            % {"numbers": IssuedNumber.objects.count(), "n": AuditEntry.objects.count()}
        )
