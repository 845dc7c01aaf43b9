"""A message as mail: plain text and a small HTML of the same words; nothing is fetched."""

from __future__ import annotations

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from hiwar.accounts.queries import institution_name
from hiwar.channels.queries.contents import filled, text_with_secrets, token_of
from hiwar.common.multilingual import direction
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.channels.models import Message
    from hiwar.common.post import Attachment, Content

LONGEST_LOCAL_PART = 64
ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])")


def own_address() -> str:
    """Return the address the house writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def return_address(message: Message) -> str:
    """Return where a message comes back to: the own mailbox, with a token that names it."""
    return tagged(f"b-{token_of(message.pk, 'return')}")


def tagged(tag: str) -> str:
    """Return the own address with a tag after its local part, or without where that is too long."""
    local, _at, domain = own_address().rpartition("@")
    tagged_part = f"{local}+{tag}"
    return f"{tagged_part if len(tagged_part) <= LONGEST_LOCAL_PART else local}@{domain}"


def message_id(message: Message) -> str:
    """Return the Message-ID: a token of the message, at the own domain."""
    return f"<{token_of(message.pk, 'id')}@{own_address().rpartition('@')[2]}>"


def way_out(message: Message) -> str:
    """Return the address behind which somebody ends messages of this purpose."""
    path = reverse("public_channels:way_out", args=[token_of(message.pk, "out")])
    return f"{settings.PUBLIC_ORIGIN}{path}"


def as_mail(message: Message, content: Content, recipient: str, at: datetime) -> bytes:
    """Build the mail that is handed over: RFC 5322, in the language of its recipient."""
    mail = EmailMessage(policy=policy.SMTP if recipient.isascii() else policy.SMTPUTF8)
    name = institution_name(content.language)
    local, _at, domain = own_address().rpartition("@")
    mail["From"] = Address(parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or str(name), local, domain)
    to_local, _at, to_domain = recipient.rpartition("@")
    mail["To"] = Address("", to_local, to_domain)
    mail["Subject"] = " ".join(content.subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(message)
    mail["Content-Language"] = content.language
    mail["Auto-Submitted"] = "auto-generated"
    text = text_with_secrets(content)
    if purpose_of(message.purpose).is_bulk:
        out = way_out(message)
        mail["List-Id"] = f"<{message.purpose}.{domain}>"
        by_mail = f"mailto:{tagged('u-' + token_of(message.pk, 'out'))}?subject=unsubscribe"
        mail["List-Unsubscribe"] = f"<{out}>, <{by_mail}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text + "\n", cte="base64")
    page = {mark: escape(value) for mark, value in content.secrets.items()}
    html = filled(content.html, page) if content.html else as_html(text, content.language)
    mail.add_alternative(html, subtype="html", cte="base64")
    for attached in content.attachments:
        _attach(mail, attached)
    return mail.as_bytes()


def as_html(text: str, language: str) -> str:
    """Return a plain text as a small HTML page: paragraphs with their direction, links to open."""
    paragraphs = "\n".join(
        f'<p dir="auto">{"<br>".join(_linked(line) for line in paragraph.splitlines())}</p>'
        for paragraph in re.split(r"\n\s*\n", text.strip())
    )
    side = direction(language)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{side}"><head>'
        f'<meta charset="utf-8"></head>\n<body dir="{side}">\n{paragraphs}\n</body></html>\n'
    )


def _linked(line: str) -> str:
    parts = ADDRESS.split(line)
    return "".join(
        f'<a href="{escape(part)}" dir="ltr">{escape(part)}</a>' if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _attach(mail: EmailMessage, attached: Attachment) -> None:
    main, _slash, sub = attached.content_type.partition("/")
    if attached.method:
        # Calendar programs look for the request among the alternatives, with its method.
        mail.add_alternative(
            attached.content, maintype=main, subtype=sub, cte="base64",
            params={"charset": "utf-8", "method": attached.method},
        )  # fmt: skip
        del mail.get_payload()[-1]["Content-Disposition"]  # type: ignore[index,union-attr]
        return
    mail.add_attachment(attached.content, maintype=main, subtype=sub, filename=attached.name)
