"""Joint statements at the desk: of a dossier, written, opened, published, withdrawn."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.dossiers import rules
from hiwar.dossiers.actions import joint as act
from hiwar.dossiers.actions import prints
from hiwar.dossiers.desk.pages import dossier_or_404, frame_of_dossier, page_of_dossier
from hiwar.dossiers.exports.joint_pages import page_context, text_context
from hiwar.dossiers.forms.joint import (
    NewStatementForm,
    SettingsForm,
    TextForm,
    WithdrawalForm,
)
from hiwar.dossiers.models import JointPrint, JointStatement, JointText
from hiwar.dossiers.queries.joint import (
    WITHDRAWN,
    latest_text,
    latest_texts,
    readable_statements,
    search_statements,
    signatories,
    texts_of,
)
from hiwar.dossiers.queries.signing import badge_of, document_of
from hiwar.dossiers.queries.vocabularies import word
from hiwar.signatures.actions import letters as outbox
from hiwar.signatures.forms import WhyForm
from hiwar.signatures.queries.pages import tabs_of
from hiwar.signatures.queries.requests import answer_counts, asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

S = JointText.State


def statement_or_404(request: HttpRequest, key: str) -> JointStatement:
    """Return a joint statement the reader may read; one that is closed to them is not there."""
    joint_statements = readable_statements(me(request)).select_related(
        "signing__contact_post", "dossier", "owner"
    )
    return get_object_or_404(joint_statements, code=key)


def badge(statement: JointStatement, text: JointText) -> dict[str, str]:
    """Return the state of a joint statement in a word, with its tone."""
    label, tone = badge_of(statement, text)
    return {"label": label, "tone": tone}


def page_of_statement(
    request: HttpRequest, name: str, statement: JointStatement, /, *, tab: str = "", **context: Any
) -> HttpResponse:
    """Render a page of a joint statement; where `tab` is the open one, with its tabs."""
    frame = frame_of_statement(request, statement, context.pop("text", None), tab)
    title = frame["record"]["title"]
    return render(request, f"dossiers/joint/{name}.html", {**context, **frame, "title": title})


def frame_of_statement(
    request: HttpRequest, statement: JointStatement, text: JointText | None = None, tab: str = ""
) -> dict[str, Any]:
    """Return what the frame of a page says of the joint statement it belongs to."""
    text = text or latest_text(statement)
    text.statement = statement
    is_live = statement.withdrawn_at is None
    dossier = statement.dossier
    return {
        "record": {"title": text.title, "url": reverse("dossiers:joint", args=[statement.code])},
        "trail": [
            (dossier.title, reverse("dossiers:dossier", args=[dossier.code])),
            (_("Joint statements"), reverse("dossiers:statements", args=[dossier.code])),
        ],
        "styles": ["dossiers/desk.css", "signatures/joint.css", "signatures/desk.css"],
        "tabs_label": _("Pages of this joint statement"),
        "statement": statement,
        "dossier": statement.dossier,
        "text": text,
        "kind": word("joint_kind", statement.kind),
        "badge": badge(statement, text),
        "tabs": tabs_of(statement.signing, document_of(statement), tab) if tab else [],
        "may_edit": is_live and rules.can_edit_dossiers(request.user),
        "may_publish": is_live and rules.can_publish_statements(request.user),
    }


@needs(rules.can_see_dossiers)
def statements(request: HttpRequest, code: str) -> HttpResponse:
    """List the joint statements of a dossier."""
    subject = dossier_or_404(request, code)
    listed = list(readable_statements(me(request)).filter(dossier=subject))
    texts = latest_texts(listed)
    rows = _rows((joint_statement, texts[joint_statement.pk]) for joint_statement in listed)
    return page_of_dossier(request, "joint/list", subject, tab="statements", rows=rows)


@needs(rules.can_see_dossiers)
def all_statements(request: HttpRequest) -> HttpResponse:
    """List the joint statements of every dossier, by words and by state."""
    words = words_of(request)
    labels = dict(S.choices) | {WITHDRAWN: pgettext("joint statement", "withdrawn")}
    state = choice_of(request, "state", labels)
    matching = search_statements(me(request), words)
    counts = Counter(
        WITHDRAWN if joint_statement.withdrawn_at else text.state
        for joint_statement, text in matching
    )
    shown = search_statements(me(request), words, state) if state else matching
    page = paged(request, shown)
    options = [
        ("", _("All"), len(matching)),
        *((code, label, counts[code]) for code, label in labels.items()),
    ]
    chosen = {"q": words, "state": state}
    listing = Listing(
        title=_("Joint statements"),
        search=_("Search in titles and texts"),
        url=reverse("dossiers:all_statements"),
        everything=_("All joint statements"),
        no_match=_("No joint statement matches"),
        none_yet=_("No joint statement yet"),
        why=_("A joint statement is written on the page of its dossier."),
        first=(_("Dossiers"), reverse("dossiers:list")),
    )
    return list_page(
        request,
        "dossiers/joint/all.html",
        listing,
        page=page,
        rows=_rows(page["page"].object_list),
        words=words,
        filters=[("", filter_links("state", state, options, chosen, with_none=False))],
        chosen={"state": state},
    )


def _rows(pairs: Iterable[tuple[JointStatement, JointText]]) -> list[dict[str, object]]:
    return [
        {
            "statement": joint_statement,
            "text": text,
            "kind": word("joint_kind", joint_statement.kind),
            "badge": badge(joint_statement, text),
            "found": signatories(text),
        }
        for joint_statement, text in pairs
    ]


@needs(rules.can_edit_dossiers)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Write a joint statement as a draft."""
    subject = dossier_or_404(request, code)
    user = me(request)
    form = NewStatementForm(request.POST or None, reader=user)
    joint_statements: list[JointStatement] = []

    def keep() -> None:
        words = {name: form.cleaned_data.pop(name) for name in ("title", "text", "kind", "code")}
        joint_statements.append(
            act.create_statement(
                actor=user, dossier=subject, now=timezone.now(),
                settings=act.Settings(**form.cleaned_data), **words,
            )
        )  # fmt: skip

    if attempt_and_say(
        request, form, keep, _("The draft is kept. Nobody is asked before you open it.")
    ):
        return redirect("dossiers:joint", joint_statements[0].code)
    return form_page(
        request, form, title=_("Write a joint statement"), verb=_("Keep the draft"),
        back=reverse("dossiers:statements", args=[code]), **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_see_dossiers)
def statement(request: HttpRequest, key: str) -> HttpResponse:
    """Show the newest version, where it stands, and the versions before."""
    joint_statement = statement_or_404(request, key)
    versions = texts_of(joint_statement)
    wanted = request.GET.get("version", "")
    text = next(
        (joint_text for joint_text in versions if str(joint_text.number) == wanted), versions[0]
    )
    text.statement = joint_statement
    language = get_language() or ""
    public = [joint_text for joint_text in versions if joint_text.state == S.PUBLISHED]
    rows = asked(me(request), joint_statement.signing, text.version)
    return page_of_statement(
        request,
        "statement",
        joint_statement,
        tab=reverse("dossiers:joint", args=[key]),
        **(text_context(text, language) | {"text": text}),
        versions=versions,
        newest=versions[0],
        signed=signatories(text),
        counts=answer_counts(rows),
        asked_count=len(rows),
        public=public[0] if public else None,
        prints=list(public[0].prints.order_by("language")) if public else [],
        failed=JointPrint.State.FAILED,
        missing=text.text.missing,
    )


@needs(rules.can_edit_dossiers)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change the words of a draft."""
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    initial = {"title": text.title, "text": text.text, "change": text.change}
    form = TextForm(request.POST or None, initial=initial, is_first=text.number == 1)
    if form.is_valid():
        cleaned = form.cleaned_data
        if attempt_with_form(
            form,
            lambda: act.edit_text(
                actor=me(request), text=text, title=cleaned["title"], body=cleaned["text"],
                change=cleaned.get("change"), now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The draft is saved."))
            return redirect("dossiers:joint", key)
    text.refresh_from_db()
    return form_page(
        request, form, title=_("Edit the text"), verb=_("Save the draft"),
        template="dossiers/joint/edit.html", **frame_of_statement(request, joint_statement, text),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def settings(request: HttpRequest, key: str) -> HttpResponse:
    """Change the last day, whom signatories ask, and who reads."""
    joint_statement = statement_or_404(request, key)
    user = me(request)
    signing = joint_statement.signing
    initial = {
        name: getattr(
            signing if hasattr(signing, name) and name != "kind" else joint_statement, name
        )
        for name in SettingsForm.base_fields
    }
    form = SettingsForm(request.POST or None, initial=initial, reader=user)
    if attempt_and_say(
        request,
        form,
        lambda: act.change_settings(
            actor=user, statement=joint_statement, changes=form.cleaned_data, now=timezone.now()
        ),
        _("The settings are saved."),
    ):
        return redirect("dossiers:joint", key)
    joint_statement = statement_or_404(request, key)
    return form_page(
        request, form, title=_("Settings"), verb=_("Save"), template="dossiers/joint/form.html",
        **frame_of_statement(request, joint_statement),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def open_text(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once, then fix the text, open it for signature and write to everybody on the list."""
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    if request.method == "POST":

        def run() -> None:
            user, now = me(request), timezone.now()
            opened = act.open_text(actor=user, text=text, now=now)
            if opened.version is not None:
                outbox.write_letters(actor=user, version=opened.version, now=now)

        done = _("The text is open for signature. The letters lie in the outbox.")
        if attempt(request, run, done):
            return redirect("signatures:signing", joint_statement.signing_id)
        return _back(request, key, "joint")
    replaced = (
        joint_statement.texts.filter(state__in=(S.OPEN, S.CLOSED)).order_by("-number").first()
    )
    return page_of_statement(
        request,
        "open",
        joint_statement,
        text=text,
        replaced=replaced,
        count=joint_statement.signing.requests.filter(removed_at=None).count(),
        is_draft=text.state == S.DRAFT,
    )


@require_POST
@needs(rules.can_edit_dossiers)
def begin_version(request: HttpRequest, key: str) -> HttpResponse:
    joint_statement = statement_or_404(request, key)
    done = attempt(
        request,
        lambda: act.begin_version(actor=me(request), statement=joint_statement, now=timezone.now()),
        _("A new version is begun. The one before stays as it is until you open this one."),
    )
    return _back(request, key, "edit_joint" if done else "joint")


@require_POST
@needs(rules.can_edit_dossiers)
def drop_version(request: HttpRequest, key: str) -> HttpResponse:
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    attempt(
        request,
        lambda: act.drop_version(actor=me(request), text=text, now=timezone.now()),
        _("The draft of the new version is dropped."),
    )
    return _back(request, key, "joint")


@needs(rules.can_edit_dossiers)
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close the list without publishing, as when a memorandum is sent."""
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    form = WhyForm(request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.close_list(
            actor=me(request), text=text, why=form.cleaned_data["why"], now=timezone.now()
        ),
        _("The list is closed. It can be opened again."),
    ):
        return redirect("dossiers:joint", key)
    return form_page(
        request, form, title=_("Close the list?"), verb=_("Close the list"),
        template="dossiers/joint/form.html", explanation=_(
            "Nothing more is signed by link, and no signature can be withdrawn. Nothing becomes "
            "public. This is for a memorandum that is sent."
        ), **frame_of_statement(request, joint_statement, text),
    )  # fmt: skip


@require_POST
@needs(rules.can_edit_dossiers)
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    attempt(
        request,
        lambda: act.reopen_list(actor=me(request), text=text, now=timezone.now()),
        _("The list is open again."),
    )
    return _back(request, key, "joint")


@needs(rules.can_see_dossiers)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Show the newest version as everybody would read it."""
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    text.statement = joint_statement
    context = page_context(text, [], get_language() or "") | {"is_preview": True}
    return render(request, "dossiers/public/statement.html", context)


@needs(rules.can_publish_statements)
@recently_confirmed
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Say in words what becomes public, and publish exactly the list that was seen."""
    joint_statement = statement_or_404(request, key)
    text = latest_text(joint_statement)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        done = attempt(
            request,
            lambda: act.publish_text(actor=me(request), text=text, seen=seen, now=timezone.now()),
            _("The joint statement is public. Its PDF is being made."),
        )
        return _back(request, key, "joint" if done else "publish_joint")
    rows = asked(me(request), joint_statement.signing, text.version)
    return page_of_statement(
        request,
        "publish",
        joint_statement,
        text=text,
        signed=signatories(text),
        counts=answer_counts(rows),
        can_publish=text.state in {S.OPEN, S.CLOSED},
        is_correction=joint_statement.texts.filter(state=S.PUBLISHED).exists(),
    )


@needs(rules.can_edit_dossiers)
@recently_confirmed
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw a whole joint statement with a reason that readers see."""
    joint_statement = statement_or_404(request, key)
    form = WithdrawalForm(request.POST or None)
    if attempt_and_say(request, form, lambda: act.withdraw_statement(
            actor=me(request), statement=joint_statement, now=timezone.now(),
            reason=form.cleaned_data["reason"],
        ), _("The joint statement is withdrawn.")):  # fmt: skip
        return redirect("dossiers:joint", key)
    was_public = joint_statement.texts.filter(state=S.PUBLISHED).exists()
    return form_page(
        request, form, title=_("Withdraw the joint statement?"), verb=_("Withdraw"),
        cancel=_("Keep it"), is_danger=True, template="dossiers/joint/form.html",
        explanation=_(
            "Every version then says only that it was withdrawn, and why. The addresses stay; the "
            "lists and files open no more. This cannot be undone."
        ) if was_public else _(
            "Nobody can sign it any more and every link is closed. What was signed is kept inside. "
            "This cannot be undone."
        ), **frame_of_statement(request, joint_statement),
    )  # fmt: skip


@require_POST
@needs(rules.can_edit_dossiers)
def print_again(request: HttpRequest, key: str) -> HttpResponse:
    """Let prints that failed be made again."""
    joint_statement = statement_or_404(request, key)
    failed = JointPrint.objects.filter(
        text__statement=joint_statement, state=JointPrint.State.FAILED
    )
    if not failed.exists():
        raise Http404
    for joint_print in failed:
        prints.ask_print(print_=joint_print, now=timezone.now())
    messages.success(request, _("The PDF is being made again."))
    return _back(request, key, "joint")


def _back(request: HttpRequest, key: str, name: str) -> HttpResponse:
    return redirect(f"dossiers:{name}", key)
