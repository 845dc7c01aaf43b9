"""The `hiwar` command: analysis without a framework, everything else through Django."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `hiwar analyse …` by itself and any other command as a management command."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["analyse"]:
        from hiwar.analysis.command import main as analyse

        sys.exit(analyse(arguments[1:]))
    if arguments == ["--version"]:
        from hiwar import __version__

        sys.stdout.write(f"hiwar {__version__}\n")
        return
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")
    execute_from_command_line(sys.argv)
