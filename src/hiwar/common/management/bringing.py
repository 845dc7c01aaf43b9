"""What the commands share that bring a whole house into an empty installation."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common.backup.restoring import KEY_FILE
from hiwar.common.backup.sealing import DamagedError, WrongKeyError
from hiwar.common.personal.actions import erase_again
from hiwar.common.personal.ledger import NAME
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import reindex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import OutputWrapper
    from django.utils.functional import Promise

    from hiwar.common.backup.archive import Manifest


class BringingCommand(BaseCommand):
    """Ask for what opens a file, bring it in, erase again, and say what follows.

    A command names what it says of a wrong key, of damage, and of the house that came in;
    ``needs_list`` tells whether the list of erasures has to lie beside the file.
    """

    requires_system_checks = ()
    wrong_key: ClassVar[Promise]
    damaged: ClassVar[Promise]
    needs_list: ClassVar[bool]

    @abstractmethod
    def bring(self, path: Path, secret: str, erased: Path | None) -> Manifest:
        """Bring the file in; raises as ``restoring.restore`` does."""

    @abstractmethod
    def told(self, manifest: Manifest) -> str:
        """Return one sentence on what came in."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the file of what opens it, and the list of who was erased since."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--key-file", type=Path, metavar="FILE")
        parser.add_argument("--erased", type=Path, metavar="FILE")
        parser.add_argument("--without-erasures", action="store_true")

    def handle(self, *_args: Any, path: Path, key_file: Path | None, **options: Any) -> None:
        """Bring in, compare, erase again and say what is to be done next."""
        if not path.exists():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        erased = None
        if not options["without_erasures"]:
            erased = list_beside(path, options["erased"], is_needed=self.needs_list)
        secret = secret_of(key_file) or getpass(_("Passphrase or private key: "))
        try:
            manifest = self.bring(path, secret, erased)
        except WrongKeyError as error:
            raise CommandError(str(self.wrong_key)) from error
        except DamagedError as error:
            raise CommandError(str(self.damaged)) from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(self.told(manifest))
        if erased is not None:
            say_who_went_again(self.stdout)
        reindex()
        keys = settings.DATA / KEY_FILE
        if keys.exists():
            self.stdout.write(
                _("Before it can be served, put the keys of %(path)s into the settings.")
                % {"path": keys}
            )
        self.stdout.write(_("Everybody signs in anew. Nothing is sent or read until: hiwar let_in"))


def list_beside(path: Path, named: Path | None, *, is_needed: bool) -> Path | None:
    """Return the list of erasures, the one beside the file where none is named.

    Raises ``CommandError`` where it is not there and is needed, or was named.
    """
    erased = named or path.parent / NAME
    if erased.is_file():
        return erased
    if named or is_needed:
        raise CommandError(
            _(
                "The list of who was erased is not at %(path)s: without it they come back. It"
                " lies beside the backups; name the newest with --erased FILE. Where it is"
                " lost: --without-erasures."
            )
            % {"path": erased}
        )
    return None


def who_went_again() -> int:
    """Erase again whom the list names, with the keys of the house that came in; return how many."""
    with _former_keys():
        return erase_again(now=timezone.now())


def say_who_went_again(stdout: OutputWrapper) -> None:
    """Erase again whom the list names, with the keys of the house that came in, and say it."""
    gone = who_went_again()
    stdout.write(
        ngettext(
            "%(n)d person who had been erased was back, and was erased again.",
            "%(n)d people who had been erased were back, and were erased again.",
            gone,
        )
        % {"n": gone}
    )


@contextmanager
def _former_keys() -> Iterator[None]:
    """Open sealed columns by the keys that came along, until they stand in the settings."""
    path = settings.DATA / KEY_FILE
    own = settings.SECRET_KEY_FALLBACKS
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    came = [key for line in lines for key in line.partition("=")[2].split(",")]
    settings.SECRET_KEY_FALLBACKS = [*own, *came]
    try:
        yield
    finally:
        settings.SECRET_KEY_FALLBACKS = own


def secret_of(path: Path | None) -> str:
    """Return the passphrase or private key in a file; empty where none is named."""
    if path is None:
        return ""
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("%(path)s cannot be read.") % {"path": path}) from error
    if not secret:
        raise CommandError(_("%(path)s is empty.") % {"path": path})
    return secret
