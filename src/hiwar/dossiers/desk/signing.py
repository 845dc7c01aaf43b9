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
from hiwar.common.desk.pages import attempt, attempt_with_form, paged
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number as written
from hiwar.contacts.queries.people import organisations_for, search_organisations
from hiwar.dossiers import rules
from hiwar.dossiers.actions import letters as outbox
from hiwar.dossiers.actions import signing as act
from hiwar.dossiers.desk.joint import page_of_statement, statement_or_404
from hiwar.dossiers.desk.pages import part_or_404
from hiwar.dossiers.exports.letters import body_with_link, compose
from hiwar.dossiers.exports.signatories import answer_label, answers_csv, answers_xlsx
from hiwar.dossiers.forms.joint import AskForm, CoalitionForm, RequestForm, TypedForm, WhyForm
from hiwar.dossiers.models import JointText, SigningLetter, SigningRequest
from hiwar.dossiers.queries.joint import latest_text, most_paragraphs, open_text, signing_text
from hiwar.dossiers.queries.signing import (
    answer_counts,
    asked,
    history_of,
    members_on,
    standing_of,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import JointStatement

FOUND = 30
TONES = {"signed": "success", "reserved": "notice", "withdrawn": "", "declined": "", "silent": "",
         "removed": ""}  # fmt: skip


def _text(statement: JointStatement) -> JointText:
    """Return the version whose answers are shown: the one open or last open, else the draft."""
    text = signing_text(statement) or latest_text(statement)
    text.statement = statement
    return text


@needs(rules.can_see_dossiers)
def signatures(request: HttpRequest, key: str) -> HttpResponse:
    """List who was asked and what each answered; `answer` in the address keeps one kind."""
    joint_statement = statement_or_404(request, key)
    text = _text(joint_statement)
    rows = asked(me(request), joint_statement, text)
    counts = answer_counts(rows)
    wanted = request.GET.get("answer", "")
    wanted = wanted if wanted in counts else ""
    shown = [row for row in rows if wanted in {"", row.answer}]
    page = paged(request, shown)
    address = reverse("dossiers:signatures", args=[key])
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
    return page_of_statement(
        request,
        "signatures",
        joint_statement,
        tab="signatures",
        **page,
        rows=[(row, answer_label(row.answer), TONES[row.answer]) for row in page["page"]],
        answers_to=text,
        filters=filters,
        silent=counts["silent"],
        is_open=text.state == JointText.State.OPEN and joint_statement.withdrawn_at is None,
    )


@needs(rules.can_edit_dossiers)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Look for organisations of the register, and ask those that are chosen to sign."""
    joint_statement = statement_or_404(request, key)
    user = me(request)
    words = request.GET.get("q", "").strip()
    there = joint_statement.requests.filter(removed_at=None).values("organisation")
    offered = search_organisations(user, words).exclude(pk__in=there)
    listed = list(offered[: FOUND + 1])
    if request.method == "POST":
        chosen = _chosen(request)
        if chosen is not None:
            return _asked(request, key, joint_statement, chosen)
        messages.error(request, _("Choose at least one organisation."))
        return redirect(request.get_full_path())
    return page_of_statement(
        request,
        "ask",
        joint_statement,
        words=words,
        listed=listed[:FOUND],
        is_more=len(listed) > FOUND,
        coalition_form=CoalitionForm(reader=user),
        is_open=open_text(joint_statement) is not None,
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
    request: HttpRequest, key: str, joint_statement: JointStatement, chosen: list[Organisation]
) -> HttpResponse:
    added: list[SigningRequest] = []
    done = attempt(
        request,
        lambda: added.extend(
            outbox.ask_organisations(
                actor=me(request), statement=joint_statement, organisations=chosen, compose=compose,
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
    return redirect("dossiers:signatures", key)


@require_POST
@needs(rules.can_edit_dossiers)
def remind(request: HttpRequest, key: str) -> HttpResponse:
    """Put a reminder into the outbox for everybody who has not answered."""
    joint_statement = statement_or_404(request, key)
    text = _text(joint_statement)
    counts: list[int] = []
    done = attempt(
        request,
        lambda: counts.append(
            outbox.remind(actor=me(request), text=text, compose=compose, now=timezone.now())
        ),
        "",
    )
    if done:
        thanks = ngettext(
            "%(n)s reminder lies in the outbox.", "%(n)s reminders lie in the outbox.", counts[0]
        )
        messages.success(request, thanks % {"n": written(counts[0])})
    return redirect("dossiers:letters", key)


@needs(rules.can_edit_dossiers)
def letters(request: HttpRequest, key: str) -> HttpResponse:
    """List what waits in the outbox and what was sent."""
    joint_statement = statement_or_404(request, key)
    listed = SigningLetter.objects.filter(request__statement=joint_statement)
    listed = listed.select_related("request__organisation", "private_link").order_by(
        "sent_at", "-made_at", "request__organisation__code", "pk"
    )
    page = paged(request, listed.filter(sent_at=None, private_link__withdrawn_at=None))
    sent = listed.exclude(sent_at=None).order_by("-sent_at", "pk")
    return page_of_statement(
        request,
        "letters",
        joint_statement,
        tab="letters",
        **page,
        letters=page["page"].object_list,
        sent=sent[:FOUND],
        today=timezone.localdate(),
    )


@needs(rules.can_edit_dossiers)
def letter(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Show one letter with its link to whoever sends it; sending it is said here."""
    joint_statement = statement_or_404(request, key)
    listed = SigningLetter.objects.filter(request__statement=joint_statement)
    listed = listed.select_related("request__organisation", "request__statement", "private_link")
    chosen = part_or_404(listed, part)
    if request.method == "POST":
        attempt(
            request,
            lambda: outbox.mark_sent(actor=me(request), letter=chosen, now=timezone.now()),
            _("Marked as sent. Its link is now with the reader alone."),
        )
        return redirect("dossiers:letters", key)
    return page_of_statement(
        request, "letter", joint_statement, letter=chosen, body=body_with_link(chosen),
    )  # fmt: skip


def _request(joint_statement: JointStatement, part: str) -> SigningRequest:
    listed = SigningRequest.objects.filter(statement=joint_statement)
    return part_or_404(listed.select_related("organisation", "statement__dossier"), part)


@needs(rules.can_edit_dossiers)
def request(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Show what one organisation was asked and answered, and type an answer in."""
    joint_statement = statement_or_404(request, key)
    asked_one = _request(joint_statement, part)
    user, text = me(request), _text(joint_statement)
    standing = standing_of(text, asked_one)
    initial = {
        "version": text.number, "language": get_language(), "signed_at": timezone.localtime(),
        "seen": str(standing.pk) if standing else "", "answer": "sign",
    }  # fmt: skip
    form = TypedForm(request.POST or None, initial=initial, paragraphs=most_paragraphs(text))
    if form.is_valid() and attempt_with_form(
        form, lambda: _type_in(request, form, asked_one, text)
    ):
        messages.success(request, _("The answer is kept, with its source."))
        return redirect("dossiers:signatures", key)
    is_readable = organisations_for(user).filter(pk=asked_one.organisation_id).exists()
    return page_of_statement(
        request,
        "request",
        joint_statement,
        asked=asked_one,
        organisation=asked_one.organisation.name if is_readable else None,
        answers_to=text,
        form=form,
        standing=standing,
        request_form=RequestForm(
            initial={"email": asked_one.email, "language": asked_one.language}
        ),
        why_form=WhyForm(),
        history=history_of(text, asked_one),
        has_declined=asked_one.declined_text_id == text.pk and standing is None,
        is_open=text.state == JointText.State.OPEN and joint_statement.withdrawn_at is None,
        letters=asked_one.letters.select_related("private_link")
        .defer("body")
        .order_by("-made_at", "pk"),
    )


def _type_in(
    request: HttpRequest, form: TypedForm, asked_one: SigningRequest, text: JointText
) -> None:
    values, user, now = form.cleaned_data, me(request), timezone.now()
    if values["version"] != text.number:
        raise act.TextChanged
    if form.is_refusal:
        act.decline(
            text=text, who=values["signer"], why=values["why"] or values["source"], now=now,
            request=asked_one, actor=user,
        )  # fmt: skip
        return
    act.type_signature(
        actor=user, request=asked_one, text=text, terms=form.terms(), way=values["way"],
        source=values["source"], signed_at=values["signed_at"], now=now,
    )  # fmt: skip


@require_POST
@needs(rules.can_edit_dossiers)
def change_request(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Change where an organisation is written to, give it a new link, or ask it no longer."""
    joint_statement = statement_or_404(request, key)
    asked_one = _request(joint_statement, part)
    user, now = me(request), timezone.now()
    wanted = request.POST.get("act", "")
    if wanted == "link":
        done = attempt(
            request,
            lambda: outbox.renew_link(actor=user, request=asked_one, compose=compose, now=now),
            _("A letter with a new link lies in the outbox. Older links are closed."),
        )
        return redirect("dossiers:letters" if done else "dossiers:signatures", key)
    if wanted == "take_back":
        attempt(
            request,
            lambda: outbox.take_back_request(actor=user, request=asked_one, now=now),
            _("The request is taken back and its links are closed."),
        )
        return redirect("dossiers:signatures", key)
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
    return redirect("dossiers:request", key, part)


@require_POST
@needs(rules.can_edit_dossiers)
def withdraw_signature(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Withdraw a signature for an organisation that asked for it, with its reason."""
    joint_statement = statement_or_404(request, key)
    asked_one, text = _request(joint_statement, part), _text(joint_statement)
    attempt(
        request,
        lambda: act.withdraw_signature(
            text=text, why=request.POST.get("why", ""), now=timezone.now(), request=asked_one,
            actor=me(request),
        ),
        _("The signature is withdrawn. It stays in the history."),
    )  # fmt: skip
    return redirect("dossiers:request", key, part)


@needs(rules.can_edit_dossiers)
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    joint_statement = statement_or_404(request, key)
    rows = asked(me(request), joint_statement, _text(joint_statement))
    return file_response(answers_csv(rows), f"{joint_statement.code}-answers.csv")


@needs(rules.can_edit_dossiers)
def as_xlsx(request: HttpRequest, key: str) -> HttpResponse:
    joint_statement = statement_or_404(request, key)
    rows = asked(me(request), joint_statement, _text(joint_statement))
    return file_response(answers_xlsx(rows), f"{joint_statement.code}-answers.xlsx")
