"""What those who signed are told afterwards, by the one outbox: no link, nothing to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override, pgettext_lazy

from hiwar.common.post import Batch, Draft, Purpose, post
from hiwar.signatures.models import Signature, SigningRequest

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.signatures.models import SigningVersion

# Writes subject and text in the language that is spoken when it is called.
Words = Callable[[], tuple[str, str]]
NOTICE = Purpose(
    "signatures.notice", pgettext_lazy("purpose", "notice to who signed"), is_bulk=True
)
SPACE = UUID("b0b8a6a6-7c6c-4b61-9a5b-0a0a6d0c7f11")


@transaction.atomic
def tell_signatories(*, actor: User, version: SigningVersion, words: Words, now: datetime) -> int:
    """Write to each organisation whose signature stands under a version; return how many letters.

    It is a step within an action of the document's room, which has asked its own rule. An
    organisation that is no longer asked, or has no address, gets none. Called twice, each is
    written to once.
    """
    signed = Signature.objects.filter(version=version, replaced_at=None, withdrawn_at=None)
    asked = SigningRequest.objects.filter(
        signing=version.signing_id, removed_at=None, organisation__in=signed.values("organisation")
    ).exclude(email="")
    title = gettext("To who signed: %(title)s") % {"title": version.title}
    batch = Batch(uuid4(), title, actor.pk)
    count = 0
    for request in asked.order_by("added_at", "pk"):
        language = request.language or settings.LANGUAGE_CODE
        with override(language):
            subject, text = words()
        draft = Draft(
            key=uuid5(SPACE, f"{version.pk}:{request.pk}"), purpose=NOTICE.code, language=language,
            recipient=request.email, subject=" ".join(subject.split())[:300], text=text,
            actor=actor.pk, batch=batch,
        )  # fmt: skip
        post(draft, at=now)
        count += 1
    return count
