from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hiwar.accounts.actions.demo import PASSWORD, load_demo, load_parts


class Command(BaseCommand):
    """Load the invented institution; safe to run again."""

    help = "Load the demonstration: an invented institution and its staff."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load the file and say what was made, what was there and what was wrong."""
        if not settings.DEMO:
            message = "The demonstration has known passwords: it loads only with HIWAR_DEMO=on."
            raise CommandError(message)
        document = json.loads((settings.DEMO_FOLDER / "institution.json").read_text("utf-8"))
        now = timezone.now()
        loaded = load_demo(document=document, at=now)
        above = load_parts(folder=settings.DEMO_FOLDER, at=now)
        loaded.added, loaded.there = loaded.added + above.added, loaded.there + above.there
        loaded.wrong += above.wrong
        for line in loaded.wrong:
            self.stderr.write(f"wrong: {line}")
        self.stdout.write(
            f"demo: {loaded.added} made, {loaded.there} there already, {len(loaded.wrong)} wrong"
        )
        self.stdout.write(
            f'demo: everybody\'s password is "{PASSWORD}"; hiwar demo_codes prints who signs in'
        )
