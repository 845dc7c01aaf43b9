"""What organisations are written that are asked to sign, in their language.

The private link is not in the text: a mark stands for it, and the link is put in where the letter
is shown to whoever sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.accounts.queries import institution_name
from hiwar.common import dates
from hiwar.common.links.queries import PLACEHOLDER, fill_in
from hiwar.signatures.models import SigningLetter

if TYPE_CHECKING:
    from hiwar.signatures.models import SigningRequest, SigningVersion

Kind = SigningLetter.Kind


def compose(request: SigningRequest, version: SigningVersion, kind: str) -> tuple[str, str]:
    """Write to one organisation about a version: the subject and the text."""
    with translation.override(request.language or settings.LANGUAGE_CODE):
        signing = version.signing
        parts = {"title": str(version.title), "name": str(request.organisation.name)}
        opening = {
            Kind.REQUEST: _("We ask you to sign: %(title)s."),
            Kind.CHANGED: _("The text has changed, so we ask you again to sign: %(title)s."),
            Kind.REMINDER: _("A reminder: we have no answer from you yet about: %(title)s."),
        }[Kind(kind)] % parts
        lines = [_("To %(name)s") % parts, "", opening]
        if kind == Kind.CHANGED and version.change:
            lines += ["", str(version.change)]
        lines += [
            "",
            _("Read the whole text here, and sign, sign with reservation, or decline:"),
            PLACEHOLDER,
            "",
            _("The link is for your organisation alone and needs no account."),
        ]
        if signing.sign_by is not None:
            lines.append(_("Please answer until %(day)s.") % {"day": dates.day(signing.sign_by)})
        if signing.contact_line:
            lines.append(_("Questions: %(line)s") % {"line": signing.contact_line})
        lines += ["", institution_name()]
        return _("To sign: %(title)s") % parts, "\n".join(lines).strip()


def body_with_link(letter: SigningLetter) -> str:
    """Return a letter as it is sent; once it was, the link is not known any more."""
    return fill_in(letter.body, letter.private_link, _("(the link is with the reader alone)"))
