"""The `hiwar` command: analysis and recount without a framework, the rest through Django."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `hiwar analyse` and `hiwar verify` by themselves, the rest as management commands."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["analyse"]:
        from hiwar.analysis.command import main as analyse

        sys.exit(analyse(arguments[1:]))
    if arguments[:1] == ["verify"]:
        from hiwar.engine.ledger.verifier import main as verify

        sys.exit(verify(arguments[1:]))
    if arguments == ["--version"]:
        from hiwar import __version__

        sys.stdout.write(f"hiwar {__version__}\n")
        return
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")
    execute_from_command_line(sys.argv)
