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
from hiwar.dossiers.actions import signing as act
from hiwar.dossiers.exports.joint_pages import text_context
from hiwar.dossiers.forms.signing import SigningForm, WithdrawForm
from hiwar.dossiers.models import JointText
from hiwar.dossiers.queries.joint import most_paragraphs, signing_text
from hiwar.dossiers.queries.signing import SIGN, history_of, standing_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hiwar.dossiers.models import Signature, SigningLetter

PREVIEW, CONFIRM = "preview", "confirm"
S = JointText.State


@dataclass(frozen=True, slots=True)
class Held:
    """What the holder of a link is shown: the letter it came with, and the text to sign."""

    token: str
    letter: SigningLetter
    text: JointText

    def address(self, name: str) -> str:
        """Return an address behind the link, in the language of the page."""
        path = reverse(f"public_dossiers:{name}", args=[self.token])
        return f"{path}?language={get_language()}"

    @property
    def standing(self) -> Signature | None:
        """The signature of the organisation that stands now."""
        return standing_of(self.text, self.letter.request)


def _with_text(
    show: Callable[[HttpRequest, Held], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a page to the holder of a link, with the text that it signs."""

    @behind_link(SIGN, takes_answers=True)
    def view(request: HttpRequest, letter: SigningLetter, token: str) -> HttpResponse:
        text = signing_text(letter.request.statement)
        if text is None:
            return closed_page(request, is_known=True)
        return show(request, Held(token, letter, text))

    return view


def _page(
    request: HttpRequest, name: str, held: Held, status: int = HTTPStatus.OK, **context: Any
) -> HttpResponse:
    letter, text, standing = held.letter, held.text, held.standing
    statement = text.statement
    today = timezone.localdate()
    post = statement.contact_post
    language = get_language() or settings.LANGUAGE_CODE
    context |= text_context(text, language) | {
        "organisation": letter.request.organisation.name,
        "standing": standing,
        "has_declined": letter.request.declined_text_id == text.pk and standing is None,
        "withdrawn": _withdrawn(held) if standing is None else None,
        "may_sign": text.state == S.OPEN
        and (statement.sign_by is None or today <= statement.sign_by),
        "may_withdraw": text.state == S.OPEN and standing is not None,
        "contact_post": post if post is not None and post.visibility in WIDE else None,
        "is_new_text": text.number > 1 and standing is None,
        "before": _signed_before(held) if standing is None else None,
        "home": held.address("sign"),
        "withdraw_url": held.address("sign_withdraw"),
        "receipt_url": held.address("sign_receipt"),
    }
    return render(request, f"dossiers/public/{name}.html", context, status=status)


def _withdrawn(held: Held) -> Signature | None:
    """Return the signature that was withdrawn last."""
    return history_of(held.text, held.letter.request).filter(withdrawn_at__isnull=False).first()


def _signed_before(held: Held) -> JointText | None:
    """Return the last version that the organisation had signed before this one."""
    letter, text = held.letter, held.text
    joint_texts = JointText.objects.filter(
        statement=text.statement_id,
        number__lt=text.number,
        signatures__organisation=letter.request.organisation_id,
        signatures__replaced_at=None,
        signatures__withdrawn_at=None,
    )
    return joint_texts.order_by("-number", "pk").first()


def _sign(request: HttpRequest, held: Held) -> HttpResponse:
    """Show the text and take the answer in two steps; opening the page changes nothing."""
    text, standing = held.text, held.standing
    form = SigningForm(
        request.POST or None,
        initial=_initial(standing, text),
        paragraphs=most_paragraphs(text),
    )
    step = request.POST.get("step", "")
    if request.method != "POST" or step not in {PREVIEW, CONFIRM}:
        shown = _unbound(form) if request.method == "POST" else form
        return _page(request, "sign", held, form=shown)
    if form.is_valid() and step == PREVIEW and form.cleaned_data["version"] == text.number:
        return _page(request, "sign_preview", held, form=form, terms=form.terms())
    if form.is_valid() and _acted(form, held):
        return redirect(held.address("sign_receipt"))
    return _page(request, "sign", held, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _acted(form: SigningForm, held: Held) -> bool:
    """Sign or decline as the form says; a refusal stands above the form."""
    values, now = form.cleaned_data, timezone.now()
    letter, text = held.letter, held.text
    try:
        if values["version"] != text.number:
            raise act.TextChanged
        if form.is_refusal:
            act.decline(text=text, who=values["signer"], why=values["why"], now=now, letter=letter)
        else:
            act.sign_by_link(letter=letter, text=text, terms=form.terms(), now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        # What is shown now has been seen: sent again, it counts.
        standing = held.standing
        now_seen = {"version": str(text.number), "seen": str(standing.pk) if standing else ""}
        form.data = {**form.data.dict(), **now_seen}  # type: ignore[attr-defined]  # a QueryDict
        return False
    return True


def _initial(standing: Signature | None, text: JointText) -> dict[str, object]:
    first: dict[str, object] = {"version": text.number, "language": get_language()}
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
    if held.standing is None and held.letter.request.declined_text_id != held.text.pk:
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
                text=held.text, why=form.cleaned_data["why"], now=timezone.now(), letter=held.letter
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
