"""The private link of an organisation that is asked to sign: read, sign, receipt, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from hiwar.accounts.queries import WIDE
from hiwar.common.links.pages import behind_link, closed_page
from hiwar.common.refusals import Refused
from hiwar.signatures import rules
from hiwar.signatures.actions import signing as act
from hiwar.signatures.forms import SigningForm, WithdrawForm
from hiwar.signatures.models import SigningVersion
from hiwar.signatures.queries.requests import SIGN, history_of, standing_of
from hiwar.signatures.queries.versions import (
    changes_between,
    most_paragraphs,
    signing_version,
    text_as_read,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hiwar.signatures.models import Signature, SigningLetter

PREVIEW, CONFIRM = "preview", "confirm"


@dataclass(frozen=True, slots=True)
class Held:
    """What the holder of a link is shown: the letter it came with, and the text to sign."""

    token: str
    letter: SigningLetter
    version: SigningVersion

    def address(self, name: str) -> str:
        """Return an address behind the link, in the language of the page."""
        path = reverse(f"public_signatures:{name}", args=[self.token])
        return f"{path}?language={get_language()}"

    @property
    def standing(self) -> Signature | None:
        """The signature of the organisation that stands now."""
        return standing_of(self.version, self.letter.request)


def _with_text(
    show: Callable[[HttpRequest, Held], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a page to the holder of a link, with the text that it signs."""

    @behind_link(SIGN, takes_answers=True)
    def view(request: HttpRequest, letter: SigningLetter, token: str) -> HttpResponse:
        version = signing_version(letter.request.signing)
        if version is None:
            return closed_page(request, is_known=True)
        return show(request, Held(token, letter, version))

    return view


def _page(
    request: HttpRequest, name: str, held: Held, status: int = HTTPStatus.OK, **context: Any
) -> HttpResponse:
    letter, version, standing = held.letter, held.version, held.standing
    signing = letter.request.signing
    kind = rules.kind_of(signing)
    document = kind.describe(signing)
    today = timezone.localdate()
    post = signing.contact_post
    language = get_language() or settings.LANGUAGE_CODE
    before = _signed_before(held) if standing is None else None
    context |= text_as_read(version.text, language) | {
        "text": version,
        "signing": signing,
        "kind": document.kind if document else "",
        "public_url": kind.public_url(version),
        "organisation": letter.request.organisation.name,
        "standing": standing,
        "has_declined": letter.request.declined_version_id == version.pk and standing is None,
        "withdrawn": _withdrawn(held) if standing is None else None,
        "may_sign": version.is_open and (signing.sign_by is None or today <= signing.sign_by),
        "may_withdraw": version.is_open and standing is not None,
        "contact_post": post if post is not None and post.visibility in WIDE else None,
        "is_new_text": version.number > 1 and standing is None,
        "before": before,
        "changes": changes_between(before, version, language) if before is not None else [],
        "home": held.address("sign"),
        "withdraw_url": held.address("sign_withdraw"),
        "receipt_url": held.address("sign_receipt"),
    }
    return render(request, f"signatures/public/{name}.html", context, status=status)


def _withdrawn(held: Held) -> Signature | None:
    """Return the signature that was withdrawn last."""
    return history_of(held.version, held.letter.request).filter(withdrawn_at__isnull=False).first()


def _signed_before(held: Held) -> SigningVersion | None:
    """Return the last version that the organisation had signed before this one."""
    letter, version = held.letter, held.version
    versions = SigningVersion.objects.filter(
        signing=version.signing_id,
        number__lt=version.number,
        signatures__organisation=letter.request.organisation_id,
        signatures__replaced_at=None,
        signatures__withdrawn_at=None,
    )
    return versions.order_by("-number", "pk").first()


def _sign(request: HttpRequest, held: Held) -> HttpResponse:
    """Show the text and take the answer in two steps; opening the page changes nothing."""
    version, standing = held.version, held.standing
    form = SigningForm(
        request.POST or None,
        initial=_initial(standing, version),
        paragraphs=most_paragraphs(version.text),
    )
    step = request.POST.get("step", "")
    if request.method != "POST" or step not in {PREVIEW, CONFIRM}:
        shown = _unbound(form) if request.method == "POST" else form
        return _page(request, "sign", held, form=shown)
    if form.is_valid() and step == PREVIEW and form.cleaned_data["version"] == version.number:
        return _page(request, "sign_preview", held, form=form, terms=form.terms())
    if form.is_valid() and _acted(form, held):
        return redirect(held.address("sign_receipt"))
    return _page(request, "sign", held, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _acted(form: SigningForm, held: Held) -> bool:
    """Sign or decline as the form says; a refusal stands above the form."""
    values, now = form.cleaned_data, timezone.now()
    letter, version = held.letter, held.version
    try:
        if values["version"] != version.number:
            raise act.TextChanged
        if form.is_refusal:
            act.decline(
                version=version, who=values["signer"], why=values["why"], now=now, letter=letter
            )
        else:
            act.sign_by_link(letter=letter, version=version, terms=form.terms(), now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        # What is shown now has been seen: sent again, it counts.
        standing = held.standing
        now_seen = {"version": str(version.number), "seen": str(standing.pk) if standing else ""}
        form.data = {**form.data.dict(), **now_seen}  # type: ignore[attr-defined]  # a QueryDict
        return False
    return True


def _initial(standing: Signature | None, version: SigningVersion) -> dict[str, object]:
    first: dict[str, object] = {"version": version.number, "language": get_language()}
    if standing is None:
        return first
    return first | {
        "seen": str(standing.pk),
        "answer": "reserve" if standing.is_reserved else "sign",
        "signer": standing.signer,
        "function": standing.function,
        "reservation": standing.reservation,
        "language": standing.reservation_language or get_language(),
        "paragraph": standing.paragraph,
    }


def _unbound(form: SigningForm) -> SigningForm:
    """Return the form as it was filled in, without faults: somebody goes back to change it."""
    names = [name for name in form.fields if name in form.data]
    return SigningForm(
        initial={name: form.data[name] for name in names}, paragraphs=form.paragraphs
    )


def _receipt(request: HttpRequest, held: Held) -> HttpResponse:
    """Say what stands in the organisation's name, for keeping."""
    if held.standing is None and held.letter.request.declined_version_id != held.version.pk:
        return redirect(held.address("sign"))
    return _page(request, "sign_receipt", held)


def _withdraw(request: HttpRequest, held: Held) -> HttpResponse:
    """Ask once, then withdraw the signature; possible until the text is published or sent."""
    form = WithdrawForm(request.POST or None)
    if request.method != "POST":
        if held.standing is None:
            return redirect(held.address("sign"))
        return _page(request, "sign_withdraw", held, form=form)
    if form.is_valid():
        try:
            act.withdraw_signature(
                version=held.version,
                why=form.cleaned_data["why"],
                now=timezone.now(),
                letter=held.letter,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(held.address("sign"))
    return _page(
        request, "sign_withdraw", held, form=form,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )  # fmt: skip


sign = _with_text(_sign)
receipt = _with_text(_receipt)
withdraw = _with_text(_withdraw)
