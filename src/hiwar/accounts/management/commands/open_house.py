from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from hiwar.accounts.actions.people import open_house
from hiwar.common.refusals import Refused


class Command(BaseCommand):
    """Furnish an empty installation and print the director's invitation."""

    help = "Open a real installation: roles, institution, and the first invitation's link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the institution's name and the first person's address."""
        parser.add_argument("--name", required=True, help="the institution's name")
        parser.add_argument("--email", required=True, help="the first person's e-mail address")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Open the house and print the link once: only its digest is kept."""
        wanted = {name: options[name] for name in ("name", "email", "language")}
        try:
            token = open_house(at=timezone.now(), **wanted)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        path = reverse("accounts:accept", args=[token])
        self.stdout.write(f"{settings.DESK_ORIGIN}{path}")
