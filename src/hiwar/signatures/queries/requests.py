"""Questions about collecting signatures: what a link opens, who answered, who has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.common.models import PrivateLink
from hiwar.contacts.models import ContactPoint, Membership, Organisation
from hiwar.contacts.queries.contact_points import points_for
from hiwar.contacts.queries.people import organisations_for
from hiwar.contacts.queries.vocabularies import codes
from hiwar.signatures.models import Signature, SigningLetter, SigningRequest
from hiwar.signatures.queries.signatories import standing_signatures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.signatures.models import Signing, SigningVersion

SIGN = "signatures.signing"
SIGNED, RESERVED, WITHDRAWN = "signed", "reserved", "withdrawn"
DECLINED, SILENT, REMOVED = "declined", "silent", "removed"
ANSWERS = (SIGNED, RESERVED, WITHDRAWN, DECLINED, SILENT)


@dataclass(frozen=True, slots=True)
class Asked:
    """An organisation that is asked, and what it answered to one version.

    ``name`` is empty where the register closes the organisation to the reader.
    """

    request: SigningRequest
    name: str
    answer: str
    signature: Signature | None
    letter: SigningLetter | None


def letter_behind(link: PrivateLink) -> SigningLetter | None:
    """Return the letter that a private link came with, unless it was taken back with all of it."""
    letters = SigningLetter.objects.select_related(
        "request__signing__contact_post", "request__organisation", "private_link"
    )
    return letters.filter(
        private_link=link, request__removed_at=None, request__signing__ended_at=None
    ).first()


def private_links_of(letters: QuerySet[SigningLetter]) -> QuerySet[PrivateLink]:
    """Return the private links that letters carry."""
    return PrivateLink.objects.filter(pk__in=letters.order_by().values("private_link"))


def standing_of(version: SigningVersion | None, request: SigningRequest) -> Signature | None:
    """Return the signature of an organisation that stands under a version."""
    if version is None:
        return None
    return standing_signatures(version).filter(organisation=request.organisation_id).first()


def asked(user: User, signing: Signing, version: SigningVersion | None) -> list[Asked]:
    """Return who is asked, in the order of asking, with the answer of each to a version."""
    requests = signing.requests.select_related("organisation")
    requests = requests.order_by("added_at", "organisation__code", "pk")
    signatures: dict[object, Signature] = {}
    for signed in Signature.objects.filter(version=version, replaced_at=None).order_by("position"):
        signatures[signed.organisation_id] = signed
    letters: dict[object, SigningLetter] = {}
    listed = SigningLetter.objects.filter(request__signing=signing).defer("body")
    for letter in listed.order_by("made_at", "pk"):
        letters[letter.request_id] = letter
    keys = [signing_request.organisation_id for signing_request in requests]
    seen = set(organisations_for(user).filter(pk__in=keys).values_list("pk", flat=True))
    rows = []
    for request in requests:
        signature = signatures.get(request.organisation_id)
        rows.append(
            Asked(
                request=request,
                name=str(request.organisation) if request.organisation_id in seen else "",
                answer=_answer(request, signature, version),
                signature=signature,
                letter=letters.get(request.pk),
            )
        )
    return rows


def _answer(
    request: SigningRequest, signature: Signature | None, version: SigningVersion | None
) -> str:
    if signature is not None and signature.withdrawn_at is None:
        return RESERVED if signature.is_reserved else SIGNED
    if request.removed_at is not None:
        return REMOVED
    if version is not None and request.declined_version_id == version.pk:
        return DECLINED
    return WITHDRAWN if signature is not None else SILENT


def answer_counts(rows: Iterable[Asked]) -> dict[str, int]:
    """Return how many organisations gave each answer."""
    counts = dict.fromkeys(ANSWERS, 0)
    for row in rows:
        if row.answer in counts:
            counts[row.answer] += 1
    return counts


def silent_requests(version: SigningVersion) -> QuerySet[SigningRequest]:
    """Return the requests that no answer to a version has come to: neither yes nor no."""
    answered = Signature.objects.filter(version=version, replaced_at=None).values("organisation")
    signing_requests = SigningRequest.objects.filter(signing=version.signing_id, removed_at=None)
    signing_requests = signing_requests.exclude(organisation__in=answered).exclude(
        declined_version=version
    )
    return signing_requests.select_related("organisation").order_by(
        "added_at", "organisation__code", "pk"
    )


def history_of(version: SigningVersion | None, request: SigningRequest) -> QuerySet[Signature]:
    """Return everything that an organisation signed under a version, the newest first."""
    signatures = Signature.objects.filter(version=version, organisation=request.organisation_id)
    return signatures.select_related("typed_by", "withdrawn_by").order_by("-position", "pk")


def coalitions(user: User) -> QuerySet[Organisation]:
    """Return the coalitions and working groups whose members can be asked in one action."""
    return organisations_for(user).filter(kind__in=codes("group_kinds"))


def members_on(user: User, group: Organisation, day: date) -> list[Organisation]:
    """Return the organisations that belong to a coalition on a day, as far as one may read them."""
    rows = Membership.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day),
        Q(ends_on=None) | Q(ends_on__gte=day),
        organisation=group,
        member__in=organisations_for(user),
    )
    organisations = Organisation.objects.filter(pk__in=rows.values("member"))
    return list(organisations.order_by("code", "created_at", "pk"))


def mail_of(user: User, organisation: Organisation) -> str:
    """Return the mail address at which an organisation is written to, if the user may see one."""
    contact_points = points_for(user).filter(
        organisation=organisation, kind=ContactPoint.Kind.EMAIL
    )
    point = contact_points.order_by("is_private", "label", "pk").first()
    return point.value if point else ""
