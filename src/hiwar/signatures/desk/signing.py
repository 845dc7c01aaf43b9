"""Collecting signatures at the desk: who is asked, who answered, what waits in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, paged, part_or_404
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number as written
from hiwar.contacts.queries.people import organisations_for, search_organisations
from hiwar.signatures import rules
from hiwar.signatures.actions import letters as outbox
from hiwar.signatures.actions import signing as act
from hiwar.signatures.actions.signings import NotOpen
from hiwar.signatures.desk import page_of_signing, signing_or_404
from hiwar.signatures.exports.letters import body_with_link, compose
from hiwar.signatures.exports.signatories import answer_label, answers_csv, answers_xlsx
from hiwar.signatures.forms import AskForm, CoalitionForm, RequestForm, TypedForm, WhyForm
from hiwar.signatures.models import SigningLetter, SigningRequest
from hiwar.signatures.queries.pages import LETTERS, SIGNATURES
from hiwar.signatures.queries.requests import (
    answer_counts,
    asked,
    history_of,
    members_on,
    standing_of,
)
from hiwar.signatures.queries.versions import most_paragraphs, open_version, signing_version

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.contacts.models import Organisation
    from hiwar.signatures.models import Signing, SigningVersion

FOUND = 30
TONES = {"signed": "success", "reserved": "notice", "withdrawn": "", "declined": "", "silent": "",
         "removed": ""}  # fmt: skip


@needs(rules.can_see_signings)
def signatures(request: HttpRequest, key: str) -> HttpResponse:
    """List who was asked and what each answered; `answer` in the address keeps one kind."""
    signing = signing_or_404(request, key)
    version = signing_version(signing)
    rows = asked(me(request), signing, version)
    counts = answer_counts(rows)
    wanted = request.GET.get("answer", "")
    wanted = wanted if wanted in counts else ""
    shown = [row for row in rows if wanted in {"", row.answer}]
    page = paged(request, shown)
    address = reverse("signatures:signing", args=[key])
    filters = [
        {"label": _("All"), "url": address, "current": not wanted, "count": len(rows)},
        *(
            {
                "label": answer_label(code), "url": f"{address}?answer={code}",
                "current": code == wanted, "count": count,
            }
            for code, count in counts.items()
            if count or code == wanted
        ),
    ]  # fmt: skip
    return page_of_signing(
        request,
        "signatures",
        signing,
        tab=SIGNATURES,
        **page,
        rows=[(row, answer_label(row.answer), TONES[row.answer]) for row in page["page"]],
        version=version,
        filters=filters,
        silent=counts["silent"],
        is_open=version is not None and version.is_open and signing.ended_at is None,
    )


@needs(rules.can_collect_signatures)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Look for organisations of the register, and ask those that are chosen to sign."""
    signing = signing_or_404(request, key)
    user = me(request)
    words = request.GET.get("q", "").strip()
    there = signing.requests.filter(removed_at=None).values("organisation")
    offered = search_organisations(user, words).exclude(pk__in=there)
    listed = list(offered[: FOUND + 1])
    if request.method == "POST":
        chosen = _chosen(request)
        if chosen is not None:
            return _asked(request, key, signing, chosen)
        messages.error(request, _("Choose at least one organisation."))
        return redirect(request.get_full_path())
    return page_of_signing(
        request,
        "ask",
        signing,
        words=words,
        listed=listed[:FOUND],
        is_more=len(listed) > FOUND,
        coalition_form=CoalitionForm(reader=user),
        is_open=open_version(signing) is not None,
    )


def _chosen(request: HttpRequest) -> list[Organisation] | None:
    """Return the organisations that a form names: those ticked, or the members of a coalition."""
    user = me(request)
    if "coalition" in request.POST:
        form = CoalitionForm(request.POST, reader=user)
        if not form.is_valid():
            return None
        return members_on(user, form.cleaned_data["coalition"], timezone.localdate())
    ticked = AskForm(request.POST, offered=organisations_for(user))
    return list(ticked.cleaned_data["organisations"]) if ticked.is_valid() else None


def _asked(
    request: HttpRequest, key: str, signing: Signing, chosen: list[Organisation]
) -> HttpResponse:
    added: list[SigningRequest] = []
    done = attempt(
        request,
        lambda: added.extend(
            outbox.ask_organisations(
                actor=me(request), signing=signing, organisations=chosen, compose=compose,
                now=timezone.now(),
            )
        ),
        "",
    )  # fmt: skip
    if done:
        thanks = ngettext(
            "%(n)s organisation is on the list.", "%(n)s organisations are on the list.", len(added)
        )
        messages.success(request, thanks % {"n": written(len(added))})
    return redirect("signatures:signing", key)


@require_POST
@needs(rules.can_collect_signatures)
def remind(request: HttpRequest, key: str) -> HttpResponse:
    """Put a reminder into the outbox for everybody who has not answered."""
    signing = signing_or_404(request, key)
    version = signing_version(signing)
    counts: list[int] = []
    done = attempt(
        request,
        lambda: counts.append(
            outbox.remind(actor=me(request), version=_opened(version), now=timezone.now())
        ),
        "",
    )
    if done:
        thanks = ngettext(
            "%(n)s reminder lies in the outbox.", "%(n)s reminders lie in the outbox.", counts[0]
        )
        messages.success(request, thanks % {"n": written(counts[0])})
    return redirect("signatures:letters", key)


@needs(rules.can_collect_signatures)
def letters(request: HttpRequest, key: str) -> HttpResponse:
    """List what waits in the outbox and what was sent."""
    signing = signing_or_404(request, key)
    listed = SigningLetter.objects.filter(request__signing=signing)
    listed = listed.select_related("request__organisation", "private_link").order_by(
        "sent_at", "-made_at", "request__organisation__code", "pk"
    )
    page = paged(request, listed.filter(sent_at=None, private_link__withdrawn_at=None))
    sent = listed.exclude(sent_at=None).order_by("-sent_at", "pk")
    return page_of_signing(
        request,
        "letters",
        signing,
        tab=LETTERS,
        **page,
        letters=page["page"].object_list,
        sent=sent[:FOUND],
        today=timezone.localdate(),
    )


@needs(rules.can_collect_signatures)
def letter(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Show one letter with its link to whoever sends it; sending it is said here."""
    signing = signing_or_404(request, key)
    listed = SigningLetter.objects.filter(request__signing=signing)
    listed = listed.select_related("request__organisation", "request__signing", "private_link")
    chosen = part_or_404(listed, part)
    if request.method == "POST":
        attempt(
            request,
            lambda: outbox.mark_sent(actor=me(request), letter=chosen, now=timezone.now()),
            _("Marked as sent. Its link is now with the reader alone."),
        )
        return redirect("signatures:letters", key)
    return page_of_signing(
        request, "letter", signing, letter=chosen, body=body_with_link(chosen),
    )  # fmt: skip


def _opened(version: SigningVersion | None) -> SigningVersion:
    """Return the version that is shown; nothing is answered before one was opened."""
    if version is None:
        raise NotOpen
    return version


def _request(signing: Signing, part: str) -> SigningRequest:
    listed = SigningRequest.objects.filter(signing=signing)
    return part_or_404(listed.select_related("organisation", "signing"), part)


@needs(rules.can_collect_signatures)
def request(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Show what one organisation was asked and answered, and type an answer in."""
    signing = signing_or_404(request, key)
    asked_one = _request(signing, part)
    user, version = me(request), signing_version(signing)
    standing = standing_of(version, asked_one)
    initial = {
        "version": version.number if version else 1, "language": get_language(),
        "signed_at": timezone.localtime(), "answer": "sign",
        "seen": str(standing.pk) if standing else "",
    }  # fmt: skip
    form = TypedForm(
        request.POST or None,
        initial=initial,
        paragraphs=most_paragraphs(version.text if version else {}),
    )
    if attempt_and_say(
        request,
        form,
        lambda: _type_in(request, form, asked_one, _opened(version)),
        _("The answer is kept, with its source."),
    ):
        return redirect("signatures:signing", key)
    is_readable = organisations_for(user).filter(pk=asked_one.organisation_id).exists()
    return page_of_signing(
        request,
        "request",
        signing,
        asked=asked_one,
        organisation=asked_one.organisation.name if is_readable else None,
        version=version,
        form=form,
        standing=standing,
        request_form=RequestForm(
            initial={"email": asked_one.email, "language": asked_one.language}
        ),
        why_form=WhyForm(),
        history=history_of(version, asked_one),
        has_declined=version is not None
        and asked_one.declined_version_id == version.pk
        and standing is None,
        is_open=version is not None and version.is_open and signing.ended_at is None,
        letters=asked_one.letters.select_related("private_link")
        .defer("body")
        .order_by("-made_at", "pk"),
    )


def _type_in(
    request: HttpRequest, form: TypedForm, asked_one: SigningRequest, version: SigningVersion
) -> None:
    values, user, now = form.cleaned_data, me(request), timezone.now()
    if values["version"] != version.number:
        raise act.TextChanged
    if form.is_refusal:
        act.decline(
            version=version, who=values["signer"], why=values["why"] or values["source"], now=now,
            request=asked_one, actor=user,
        )  # fmt: skip
        return
    act.type_signature(
        actor=user, request=asked_one, version=version, terms=form.terms(), way=values["way"],
        source=values["source"], signed_at=values["signed_at"], now=now,
    )  # fmt: skip


@require_POST
@needs(rules.can_collect_signatures)
def change_request(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Change where an organisation is written to, give it a new link, or ask it no longer."""
    signing = signing_or_404(request, key)
    asked_one = _request(signing, part)
    user, now = me(request), timezone.now()
    wanted = request.POST.get("act", "")
    if wanted == "link":
        done = attempt(
            request,
            lambda: outbox.renew_link(actor=user, request=asked_one, compose=compose, now=now),
            _("A letter with a new link lies in the outbox. Older links are closed."),
        )
        return redirect("signatures:letters" if done else "signatures:signing", key)
    if wanted == "take_back":
        attempt(
            request,
            lambda: outbox.take_back_request(actor=user, request=asked_one, now=now),
            _("The request is taken back and its links are closed."),
        )
        return redirect("signatures:signing", key)
    form = RequestForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: outbox.change_request(
                actor=user, request=asked_one, now=now, **form.cleaned_data
            ),
            _("Saved. Letters that are written from now on go there."),
        )
    else:
        messages.error(request, _("This is no e-mail address."))
    return redirect("signatures:request", key, part)


@require_POST
@needs(rules.can_collect_signatures)
def withdraw_signature(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Withdraw a signature for an organisation that asked for it, with its reason."""
    signing = signing_or_404(request, key)
    asked_one, version = _request(signing, part), signing_version(signing)
    attempt(
        request,
        lambda: act.withdraw_signature(
            version=_opened(version), why=request.POST.get("why", ""), now=timezone.now(),
            request=asked_one, actor=me(request),
        ),
        _("The signature is withdrawn. It stays in the history."),
    )  # fmt: skip
    return redirect("signatures:request", key, part)


@needs(rules.can_collect_signatures)
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    signing = signing_or_404(request, key)
    rows = asked(me(request), signing, signing_version(signing))
    return file_response(answers_csv(rows), f"answers-{signing.made_at:%Y%m%d}.csv")


@needs(rules.can_collect_signatures)
def as_xlsx(request: HttpRequest, key: str) -> HttpResponse:
    signing = signing_or_404(request, key)
    rows = asked(me(request), signing, signing_version(signing))
    return file_response(answers_xlsx(rows), f"answers-{signing.made_at:%Y%m%d}.xlsx")
