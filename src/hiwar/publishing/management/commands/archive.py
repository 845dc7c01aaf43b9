from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.queries import the_institution
from hiwar.common.management.writing import refuse_there, written_whole
from hiwar.common.moving.packing import FolderSink, ZipSink
from hiwar.publishing.exports.archive import write_archive


class Command(BaseCommand):
    """Write the whole public site as files that open from a disk, as a ZIP or a folder."""

    help = gettext_lazy(  # type: ignore[assignment]
        "Write the public site as files that open from a disk: a ZIP (a name that ends in .zip) or "
        "a new folder."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to."""
        parser.add_argument("to", type=Path)

    def handle(self, *_args: Any, to: Path, **_more: Any) -> None:
        """Write it beside its name first, so that it is whole or not there."""
        refuse_there(to)
        now = timezone.now()
        with written_whole(to) as part:
            if to.suffix.lower() == ".zip":
                with part.open("xb") as target:
                    sink = ZipSink(target)
                    copied = write_archive(sink, the_institution(), now)
                    sink.close()
            else:
                copied = write_archive(FolderSink(part), the_institution(), now)
        self.stdout.write(
            _("%(path)s: %(pages)d pages and %(files)d files of the site.")
            % {"path": to, "pages": copied.pages, "files": copied.files}
        )
        for address in copied.left_out:
            self.stdout.write(_("Left out: %(address)s") % {"address": address})
