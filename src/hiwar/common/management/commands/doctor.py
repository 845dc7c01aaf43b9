from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from hiwar.common.health.findings import State, examine, in_one_sentence

if TYPE_CHECKING:
    from hiwar.common.health.findings import Finding


class Command(BaseCommand):
    """Say how the house is: each line with what was found and what to do."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Say how the house is. The exit code counts what needs somebody now."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how it is told."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--all", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look at everything and tell it; what is well only with ``--all``."""
        findings = examine(timezone.now())
        if options["json"]:
            lines = [finding.as_dict() for finding in findings]
            self.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(in_one_sentence(findings))
            for finding in findings:
                if options["all"] or finding.state != State.GREEN:
                    self.stdout.write(line_of(finding))
        urgent = [finding for finding in findings if finding.state == State.RED]
        sys.exit(min(len(urgent), 99))


def line_of(finding: Finding) -> str:
    """Return a finding as one line with what to do below it."""
    words = {
        State.RED: pgettext("finding", "now"),
        State.AMBER: pgettext("finding", "later"),
        State.GREEN: pgettext("finding", "well"),
    }
    line = f"[{words[finding.state]}] {finding.label}: {finding.text} ({finding.code})"
    return f"{line}\n    {finding.action}" if finding.action else line
