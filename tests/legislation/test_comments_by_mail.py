"""Mails that name a consultation become comments on it, once, sealed and never public."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_consultation, make_law, make_version
from hiwar.channels.actions import inbound
from hiwar.channels.actions.ways import the_channel
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.by_mail import mail_code, way_by_mail
from hiwar.legislation.queries.consultations import contact_of

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.channels.models import InboundMessage

pytestmark = pytest.mark.django_db
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WORDS = "المهلة طويلة. هاتفي 0599123456.\n> ما كتبتموه\n-- \nسلمى الخفية"


def mail(subject: str, text: str = WORDS) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "salma@a.example", "house@b.example", subject
    letter["Message-ID"] = f"<{abs(hash((subject, text)))}@a.example>"
    letter.set_content(text)
    return letter.as_bytes()


def arrive(raw: bytes) -> InboundMessage:
    now = NOW + timedelta(days=2)
    kept = inbound.keep(channel=the_channel(code="mail"), raw=raw, uid=1, mailbox=1, now=now)
    return inbound.read_one(key=kept.pk, now=now)


def test_a_mail_that_bears_the_code_is_a_comment_once_and_never_public(
    client: Client, roles: object, settings: object
) -> None:
    consultation = make_consultation(
        make_version(make_law(UserFactory.create(roles=["director"]))), opens=date(2027, 7, 1)
    )
    code = mail_code(consultation)
    day = NOW + timedelta(days=2)
    assert way_by_mail(consultation, day) is None
    settings.MAIL_IN = {"host": "mail.example"}  # type: ignore[attr-defined]
    assert way_by_mail(consultation, day) == ("hiwar@localhost", code)
    raw = mail(f"رد: تعليق {code.translate(ARABIC)}")
    kept = arrive(raw)
    assert (kept.state, arrive(raw).pk) == ("done", kept.pk)
    comment = Comment.objects.get()
    assert (comment.channel, comment.language, comment.text) == (
        "email", "ar", "المهلة طويلة. هاتفي 0599123456."
    )  # fmt: skip
    assert (contact_of(comment), comment.may_publish) == ("salma@a.example", False)
    assert "0599123456" not in comment.shown
    sign_in_fully(client, UserFactory.create(roles=["researcher"]))
    desk = client.get(reverse("legislation:consultation", args=[consultation.pk])).content.decode()
    assert "المهلة طويلة" in desk
    assert "0599123456" not in desk
    of_version = [consultation.law_id, consultation.version_id]
    form = client.get(reverse("legislation:new_amendment", args=of_version)).content.decode()
    assert "المهلة طويلة" in form
    assert "0599123456" not in form
    assert "salma@a.example" not in desk
    others = [mail("سؤال"), mail("C-000000"), mail(code, "> سطر منقول\n")]
    assert [arrive(each).state for each in others] == ["open"] * 3
    assert Comment.objects.count() == 1
