from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.actions.people import open_house
from hiwar.common import dates
from hiwar.common.refusals import Refused

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Command(BaseCommand):
    """Furnish an empty installation and print the director's invitation."""

    help = "Open a real installation: roles, institution, and the first invitation's link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the institution's name and the first person's address."""
        parser.add_argument("--name", required=True, help="the institution's name")
        parser.add_argument("--email", required=True, help="the first person's e-mail address")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=LANGUAGES)
        parser.add_argument("--again", action="store_true", help="close the link given before")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Open the house and print the link once: only its digest is kept."""
        wanted = {name: options[name] for name in ("name", "email", "language")}
        try:
            token = open_house(at=timezone.now(), is_again=options["again"], **wanted)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        path = reverse("accounts:accept", args=[token])
        last_day = dates.day(dates.local_day(timezone.now() + settings.INVITATION_LIFE))
        self.stdout.write(
            _("Send this link to %(email)s. It works once, until %(day)s.")
            % {"email": options["email"], "day": last_day}
        )
        self.stdout.write(f"{settings.DESK_ORIGIN}{path}")
