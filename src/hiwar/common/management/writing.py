"""What the commands share that write a whole house, or its site, into one file or folder."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from shutil import rmtree
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def written_whole(to: Path) -> Iterator[Path]:
    """Give a name beside ``to`` to write a file or a folder at; it is whole under ``to``, or gone.

    Raises ``CommandError`` where ``to`` cannot be written.
    """
    part = to.with_name(f"{to.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        part.rename(to)
    except OSError as error:
        raise CommandError(_("%(path)s cannot be written.") % {"path": to}) from error
    finally:
        if part.is_dir():
            rmtree(part)
        with suppress(FileNotFoundError):
            part.unlink()


def refuse_there(to: Path) -> None:
    """Raise ``CommandError`` where there is a file or folder of this name already."""
    if to.exists():
        raise CommandError(_("%(path)s is there already: name another one.") % {"path": to})
