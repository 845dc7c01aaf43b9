"""The outbox of signatures: who is asked by which letter, each with a private link of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override, pgettext_lazy

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.models import User
from hiwar.accounts.queries import is_readable_by
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.links import queries as link_queries
from hiwar.common.links.purposes import address
from hiwar.common.mailings import PORTION, Portion, begin_mailing
from hiwar.common.models import PrivateLink
from hiwar.common.numbering import LETTERS, take_number, written
from hiwar.common.post import NEVER_SENT, Batch, Draft, Purpose, post
from hiwar.signatures import rules
from hiwar.signatures.actions.numbers import void_letters
from hiwar.signatures.actions.signings import NotOpen, lock_version, need_collector
from hiwar.signatures.models import SigningLetter, SigningRequest, SigningVersion
from hiwar.signatures.queries.requests import SIGN, mail_of, private_links_of, silent_requests
from hiwar.signatures.queries.versions import open_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.common.post import Asked
    from hiwar.contacts.models import Organisation
    from hiwar.signatures.models import Signing

Compose = Callable[[SigningRequest, SigningVersion, str], tuple[str, str]]
Kind = SigningLetter.Kind
SIGNING = Purpose("signatures.signing", pgettext_lazy("purpose", "request to sign"), is_bulk=True)
LETTERS_OF_VERSION, REMINDERS = "signatures.letters", "signatures.reminders"
# A link outlives the last day of signing, so that a signature can be withdrawn until publication.
LINK_OUTLIVES = timedelta(days=60)


@transaction.atomic
def ask_organisations(
    *,
    actor: User,
    signing: Signing,
    organisations: Iterable[Organisation],
    compose: Compose,
    now: datetime,
) -> list[SigningRequest]:
    """Put organisations on the list; where a text is open, each gets a letter in the outbox.

    Who is on the list already stays as they are; a request that was taken back is made again.
    """
    need_collector(actor, signing)
    version = open_version(signing)
    added = []
    batch = _batch(actor, signing)
    for organisation in organisations:
        if not is_readable_by(actor, organisation):
            raise NotAllowed
        request, is_new = SigningRequest.objects.get_or_create(
            signing=signing, organisation=organisation,
            defaults={
                "email": mail_of(actor, organisation), "language": _language(organisation),
                "added_at": now, "added_by": actor,
            },
        )  # fmt: skip
        if not is_new:
            if request.removed_at is None:
                continue
            request.removed_at = None
            request.save(update_fields=["removed_at"])
        added.append(request)
        if version is not None:
            write_letter(request, version, Kind.REQUEST, compose, actor=actor, now=now, batch=batch)
    changed = {"count": len(added)}
    audit(actor, "signatures.signing.ask", signing, at=now, changed=changed)
    return added


@transaction.atomic
def write_letters(*, actor: User, version: SigningVersion, now: datetime) -> list[SigningLetter]:
    """Put a letter about a version that is open into the outbox for all who have none about it.

    Of very many the first are returned, and a job writes the others.
    """
    locked = lock_version(version)
    need_collector(actor, locked.signing)
    if not locked.is_open:
        raise NotOpen
    waiting = _without_letter(locked)
    count, first = waiting.count(), list(waiting.values_list("pk", flat=True)[:PORTION])
    begin_mailing(LETTERS_OF_VERSION, locked.pk, _batch(actor, locked.signing), now=now)
    kind = Kind.REQUEST if locked.number == 1 else Kind.CHANGED
    changed = {"count": count, "kind": kind}
    audit(actor, "signatures.signing.write_letters", locked.signing, at=now, changed=changed)
    written_now = SigningLetter.objects.filter(version=locked, request__in=first)
    return list(written_now.select_related("request__organisation", "private_link"))


@transaction.atomic
def remind(*, actor: User, version: SigningVersion, now: datetime) -> int:
    """Put a reminder into the outbox for everybody silent who has none unsent; return how many."""
    locked = lock_version(version)
    need_collector(actor, locked.signing)
    if not locked.is_open:
        raise NotOpen
    count = _to_be_reminded(locked).count()
    begin_mailing(REMINDERS, locked.pk, _batch(actor, locked.signing), now=now)
    changed = {"count": count, "kind": Kind.REMINDER.value}
    audit(actor, "signatures.signing.write_letters", locked.signing, at=now, changed=changed)
    return count


@transaction.atomic
def write_portion(*, portion: Portion, compose: Compose, is_reminder: bool) -> int:
    """Write a portion of the letters, or reminders, about a version; return how many are left."""
    version = SigningVersion.objects.select_for_update(of=("self",)).get(pk=portion.subject)
    if not version.is_open:
        return 0
    kind = Kind.REQUEST if version.number == 1 else Kind.CHANGED
    waiting = _to_be_reminded(version) if is_reminder else _without_letter(version)
    actor = User.objects.get(pk=portion.batch.made_by)
    for request in waiting[: portion.most]:
        write_letter(
            request, version, Kind.REMINDER if is_reminder else kind, compose, actor=actor,
            now=portion.at, batch=portion.batch,
        )  # fmt: skip
    return waiting.count()


def _without_letter(version: SigningVersion) -> QuerySet[SigningRequest]:
    with_letter = SigningLetter.objects.filter(version=version).values("request")
    waiting = version.signing.requests.filter(removed_at=None).exclude(pk__in=with_letter)
    return waiting.select_related("organisation").order_by("added_at", "organisation__code", "pk")


def _to_be_reminded(version: SigningVersion) -> QuerySet[SigningRequest]:
    unsent = SigningLetter.objects.filter(version=version, sent_at=None)
    unsent = unsent.filter(private_link__withdrawn_at=None)
    return silent_requests(version).exclude(pk__in=unsent.values("request"))


def write_letter(
    request: SigningRequest,
    version: SigningVersion,
    kind: str,
    compose: Compose,
    *,
    actor: User,
    now: datetime,
    batch: Batch | None = None,
) -> SigningLetter:
    """Put one letter with a link of its own into the outbox; called inside an action."""
    subject, body = compose(request, version, kind)
    number = take_number(series=LETTERS.code, now=now)
    with override(request.language or settings.LANGUAGE_CODE):
        of = gettext("Our number: %(number)s") % {"number": written(number)}
    last = max(version.signing.sign_by or dates.local_day(now), dates.local_day(now))
    private_link, token = links.make_link(
        purpose=SIGN, now=now, ends_on=last + LINK_OUTLIVES, is_sealed=True
    )
    letter = SigningLetter(
        request=request,
        version=version,
        kind=kind,
        address=request.email,
        subject=subject[:300],
        body=f"{body}\n\n{of}",
        number=number,
        private_link=private_link,
        made_at=now,
        made_by=actor,
    )
    letter.full_clean()
    letter.save()
    if letter.address:
        post(_draft(letter, token, batch), at=now)
    return letter


def _draft(letter: SigningLetter, token: str, batch: Batch | None) -> Draft:
    return Draft(
        key=letter.pk,
        purpose=SIGNING.code,
        language=letter.request.language or settings.LANGUAGE_CODE,
        recipient=letter.address,
        subject=" ".join(letter.subject.split()),
        text=letter.body,
        secrets={link_queries.PLACEHOLDER: address(SIGN, token)},
        actor=letter.made_by_id,
        batch=batch,
    )


def _batch(actor: User, signing: Signing) -> Batch:
    document = rules.kind_of(signing).describe(signing)
    title = gettext("To sign: %(title)s") % {"title": document.title if document else signing.kind}
    return Batch(uuid4(), title, actor.pk)


@transaction.atomic
def record_message_state(*, key: UUID, state: str, now: datetime) -> None:
    """Forget the link of a letter that the outbox handed over; safe to be told twice."""
    letter = SigningLetter.objects.filter(pk=key)
    if state in NEVER_SENT:
        void_letters(letters=letter, reason=gettext("the letter was never sent"), now=now)
    if state == "handed_over":
        letter.filter(sent_at=None).update(sent_at=now)
        links.forget_tokens(links=PrivateLink.objects.filter(pk__in=letter.values("private_link")))


def hear_message_state(key: UUID, state: str, _why: str, at: datetime) -> None:
    """Hear from the outbox what became of a letter."""
    record_message_state(key=key, state=state, now=at)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why letters are not to leave: their links ended, or somebody sent them by hand."""
    subject = {each.key: each.at for each in asked if each.purpose.code == SIGNING.code}
    if not subject:
        return {}
    letters = SigningLetter.objects.select_related("private_link").in_bulk(subject)
    reasons = {}
    for key, at in subject.items():
        letter = letters.get(key)
        if letter is None or not link_queries.is_open(letter.private_link, at):
            reasons[key] = gettext("its link has ended")
        elif letter.sent_at is not None:
            reasons[key] = gettext("it was sent by hand")
    return reasons


def token_of(letter: SigningLetter) -> str:
    """Return the link's token of a letter that waits in the outbox; empty once it was sent."""
    return link_queries.token_of(letter.private_link)


@transaction.atomic
def renew_link(
    *, actor: User, request: SigningRequest, compose: Compose, now: datetime
) -> SigningLetter:
    """Write an organisation again with a new link, and end every link it had before."""
    need_collector(actor, request.signing)
    version = open_version(request.signing)
    if version is None:
        raise NotOpen
    _end_links(request, now)
    letter = write_letter(request, version, Kind.REQUEST, compose, actor=actor, now=now)
    audit(actor, "signatures.signing.renew_link", request.signing, at=now)
    return letter


@transaction.atomic
def mark_sent(*, actor: User, letter: SigningLetter, now: datetime) -> None:
    """Say that a letter was sent; its link is forgotten here and lives with its reader alone."""
    need_collector(actor, letter.request.signing)
    if letter.sent_at is not None:
        return
    letter.sent_at = now
    letter.save(update_fields=["sent_at"])
    links.forget_tokens(links=PrivateLink.objects.filter(pk=letter.private_link_id))
    audit(actor, "signatures.signing.send", letter.request.signing, at=now)


@transaction.atomic
def change_request(
    *, actor: User, request: SigningRequest, email: str, language: str, now: datetime
) -> None:
    """Change where and in which language an organisation is written to."""
    need_collector(actor, request.signing)
    request.email, request.language = email, language
    request.full_clean()
    request.save(update_fields=["email", "language"])
    audit(actor, "signatures.signing.change_request", request.signing, at=now)


@transaction.atomic
def take_back_request(*, actor: User, request: SigningRequest, now: datetime) -> None:
    """Stop asking an organisation: its links end. What it signed stands until it is withdrawn."""
    need_collector(actor, request.signing)
    request.removed_at = now
    request.save(update_fields=["removed_at"])
    _end_links(request, now)
    audit(actor, "signatures.signing.take_back_request", request.signing, at=now)


def _end_links(request: SigningRequest, now: datetime) -> None:
    links.withdraw_links(links=private_links_of(request.letters.all()), now=now)
    void_letters(letters=request.letters.all(), reason=gettext("its link has ended"), now=now)


def _language(organisation: Organisation) -> str:
    known = dict(settings.LANGUAGES)
    wished = (str(language) for language in organisation.languages if language in known)
    return next(wished, settings.LANGUAGE_CODE)
