from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.channels.adapters import Practising, Unreachable
from hiwar.channels.adapters.smtp import SmtpRelay
from hiwar.channels.exports.mail import own_address
from hiwar.channels.queries.ways import has_carrier
from hiwar.channels.tasks import ask_domain

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Send one letter past the queue, and say what the relay answered."""

    help = "Send a test letter to ADDRESS and say what the mail server answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("address")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        """Connect, send, and tell."""
        if "@" not in address:
            message = f"{address} is no e-mail address."
            raise CommandError(message)
        if not has_carrier():
            message = "No mail server is set: HIWAR_MAIL_URL names one."
            raise CommandError(message)
        relay = SmtpRelay()
        try:
            relay.open()
            outcome = relay.send(sender=own_address(), recipient=address, content=_letter(address))
        except Practising as error:
            message = "This installation practises (HIWAR_DEMO or HIWAR_PRACTICE): nothing is sent."
            raise CommandError(message) from error
        except Unreachable as error:
            message = f"The mail server does not answer: {error}"
            raise CommandError(message) from error
        finally:
            relay.close()
        if outcome.kind != "accepted":
            message = f"The mail server refused it: {outcome.code} {outcome.text}"
            raise CommandError(message)
        self.stdout.write(f"mail: taken by the server: {outcome.text}")
        for line in ask_domain():
            self.stdout.write(f"{line.name}: {line.label}. {line.words}")


def _letter(address: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = own_address(), address
    mail["Subject"] = _("Confirmation")
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(domain=own_address().rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_("This letter shows that mail leaves this installation.") + "\n")
    return mail.as_bytes()
