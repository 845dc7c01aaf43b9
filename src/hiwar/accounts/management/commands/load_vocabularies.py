from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hiwar.accounts.actions.vocabulary_files import load_vocabulary_file, read_vocabulary_file


class Command(BaseCommand):
    """Fill the institution's lists from a file of any set of languages."""

    help = "Word the institution's lists from a file; what was changed here already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether it wins over what was changed here."""
        parser.add_argument("file", type=Path, help="JSON: {list: {code: {property: value}}}")
        parser.add_argument(
            "--replace", action="store_true", help="also word anew what was changed here already"
        )

    def handle(self, *_args: Any, file: Path, replace: bool, **_options: Any) -> None:
        """Read the file whole, name every problem, and only then take it in."""
        try:
            document = json.loads(file.read_text("utf-8-sig"))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (ValueError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} is no JSON file: {error}") from error
        read = read_vocabulary_file(document)
        if read.problems:
            raise CommandError("\n".join([*read.problems, "Nothing was changed."]))
        counts = load_vocabulary_file(actor=None, file=read, replace=replace, at=timezone.now())
        self.stdout.write(
            f"{counts['worded']} worded, {counts['added']} added, "
            f"{counts['kept']} left as they were changed here"
        )
