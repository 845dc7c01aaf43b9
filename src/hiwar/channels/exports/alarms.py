"""Letters about the house itself: in every language of it, without a name of anybody."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.channels.exports.mail import own_address
from hiwar.channels.queries.alarms import DUTY
from hiwar.common.health.findings import State, examine
from hiwar.common.jobs.overview import late_duties

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.channels.queries.alarms import Alarm


def words_of_alarm(alarm: Alarm, now: datetime) -> tuple[str, str]:
    """Return subject and text, the language of the installation first."""
    subjects, parts = [], []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            subjects.append(_subject(alarm))
            parts.append(_text(alarm, now))
    return " · ".join(subjects), "\n\n– – –\n\n".join(parts)


def as_alarm_mail(subject: str, text: str, recipient: str, at: datetime) -> bytes:
    """Build the mail for a way past the outbox; it answers to nobody's letter."""
    mail = EmailMessage(policy=policy.SMTP if recipient.isascii() else policy.SMTPUTF8)
    mail["From"], mail["To"], mail["Subject"] = own_address(), recipient, subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=own_address().rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text + "\n")
    return mail.as_bytes()


def _subject(alarm: Alarm) -> str:
    return _("The house is well again") if alarm.is_over else _("The house needs somebody")


def _text(alarm: Alarm, now: datetime) -> str:
    page = f"{settings.DESK_ORIGIN}{reverse('accounts:security')}"
    if alarm.is_over:
        return "\n".join([_("What was told you is mended. Nothing is urgent now."), "", page])
    lines = [_("This needs somebody now:"), ""]
    for finding in examine(now):
        if finding.state == State.RED:
            lines += [f"* {finding.label}: {finding.text}", f"  {finding.action}"]
    for duty in late_duties(now):
        if f"{DUTY}{duty.name}" in alarm.codes:
            lines.append(_("* Late: %(duty)s") % {"duty": duty.label})
    mended = len(set(alarm.last_codes) - set(alarm.codes))
    if mended:
        lines += ["", _("Mended since the last letter: %(n)d.") % {"n": mended}]
    ending = _("It is said again after a day, and once when all is well.")
    return "\n".join([*lines, "", page, ending])
