from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hiwar.accounts.actions.demo import PASSWORD, WITHOUT_SECOND_FACTOR, code_now, demo_email


class Command(BaseCommand):
    """Print who can sign in to the demonstration, with the codes of this half minute."""

    help = "Print who can sign in to the demonstration, and with what."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one person's code, to print nothing but their six digits."""
        parser.add_argument("code", nargs="?", help="print only this person's digits, e.g. ED")

    def handle(self, *_args: Any, code: str | None = None, **_options: Any) -> None:
        """Print the table, or the digits of one person."""
        if not settings.DEMO:
            message = "There are no known codes without HIWAR_DEMO=on."
            raise CommandError(message)
        now = timezone.now()
        if code:
            self.stdout.write(code_now(code.upper(), now)[0])
            return
        document = json.loads((settings.DEMO_FOLDER / "institution.json").read_text("utf-8"))
        self.stdout.write(f'{settings.DESK_ORIGIN}/desk/   password: "{PASSWORD}"')
        for entry in document["staff"]:
            known = entry["code"] not in WITHOUT_SECOND_FACTOR
            digits = code_now(entry["code"], now)[0] if known else "none yet"
            self.stdout.write(f"{demo_email(entry['code']):22} {digits:9} {entry['role']['en']}")
        self.stdout.write(f"These digits hold for {code_now('ED', now)[1]} seconds more.")
