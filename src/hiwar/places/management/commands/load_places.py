from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.places.actions import CALENDAR_FILE, PLACES_FILE, load_place_pack


class Command(BaseCommand):
    """Bring the places, calendars and seasons of a country in: without them lists name none."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Bring in places and calendars from a folder; what is there already is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help=f"{PLACES_FILE}, {CALENDAR_FILE}")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        """Read the folder whole, name what makes no sense, and say what came in."""
        try:
            loaded = load_place_pack(actor=None, folder=folder, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except KeyError as error:
            raise CommandError(
                _("%(folder)s: the column or entry %(name)s is missing; nothing was changed.")
                % {"folder": folder, "name": error}
            ) from error
        except ValueError as error:
            raise CommandError(
                _("%(folder)s cannot be read: %(why)s; nothing was changed.")
                % {"folder": folder, "why": error}
            ) from error
        for wrong in loaded.wrong:
            self.stderr.write(wrong)
        self.stdout.write(
            _("%(added)d brought in, %(there)d there already, %(wrong)d left out")
            % {"added": loaded.added, "there": loaded.there, "wrong": len(loaded.wrong)}
        )
