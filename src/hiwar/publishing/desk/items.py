"""The site at the desk: what is on its way, the editor, the second person, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.models import User
from hiwar.accounts.rules import can_change_institution
from hiwar.common import dates, navigation
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, first_or_404, paged
from hiwar.engine import blocks as engine
from hiwar.papers.exports.reading import Reader
from hiwar.papers.forms.embargo import OpeningForm
from hiwar.publishing import rules
from hiwar.publishing.actions import items as act
from hiwar.publishing.actions import openings
from hiwar.publishing.actions.profile import change_profile
from hiwar.publishing.forms import items as forms
from hiwar.publishing.models import Item, ItemVersion
from hiwar.publishing.queries.content import (
    differences,
    readable_content,
    text_of,
    whole_languages,
)
from hiwar.publishing.queries.items import (
    is_due,
    items_for,
    newest_version,
    search_items,
    slug_of,
    versions_of,
    waiting_for,
)
from hiwar.publishing.queries.pictures import lacks
from hiwar.publishing.queries.profile import the_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from hiwar.publishing.queries.content import Text

MOST = 12
OFFICER_COLUMNS = ("from", "until", "office", "person")
FUNDER_COLUMNS = ("year", "share", "name")
TONES = {"review": "notice", "scheduled": "info", "published": "success", "withdrawn": "danger"}


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_items(request.user) and bool(request.session.get("factor"))


def due(request: HttpRequest) -> Iterator[navigation.Due]:
    """Yield the items that wait for whoever asks as the second person."""
    user = request.user
    if isinstance(user, User):
        for item in waiting_for(user)[:MOST]:
            url = reverse("publishing:item", args=[item.code])
            yield navigation.Due(_title(item), _("waits for a second person"), url)


def risks(request: HttpRequest) -> Iterator[navigation.Risk]:
    """Yield what should be open by the clock and is not: nothing works through the queue."""
    now = timezone.now()
    for item in items_for(request.user).filter(state=Item.State.SCHEDULED)[:MOST]:
        if is_due(item, now):
            url = reverse("publishing:item", args=[item.code])
            yield navigation.Risk(_title(item), _("should have opened by now"), url)


MENU = (
    navigation.Entry(
        46, pgettext_lazy("the public site", "Site"), "language", "publishing:list", _may_see
    ),
)


@needs(rules.can_see_items)
def list_items(request: HttpRequest) -> HttpResponse:
    """List what is written for the site: the last changed first, with what each waits for."""
    user = me(request)
    words = words_of(request)
    state = choice_of(request, "state", Item.State.values)
    kind = choice_of(request, "kind", Item.Kind.values)
    page = paged(request, search_items(user, words, state, kind))
    rows = [_row(item) for item in page["page"].object_list]
    may_edit = rules.can_edit_items(user)
    new = (_("New item"), reverse("publishing:new")) if may_edit else None
    kept = {"q": words, "state": state, "kind": kind}
    listing = Listing(
        title=pgettext("the public site", "Site"), search=_("Search in items of the site"),
        url=reverse("publishing:list"), everything=_("All items"),
        no_match=_("No item matches"), none_yet=_("Nothing is written for the site yet"),
        why=_("News, press releases, opportunities and pages stand here with their languages."
              " Dialogues, laws, papers and statements come to the site by themselves."),
        new=new, first=new,
    )  # fmt: skip
    every = pgettext("filter", "all")
    return list_page(
        request, "publishing/list.html", listing, page=page, rows=rows, words=words,
        filters=[
            ("", filter_links("state", state, [
                ("", every, None), *((code, label, None) for code, label in Item.State.choices),
            ], kept)),
            (_("Kind"), filter_links("kind", kind, [
                ("", every, None), *((code, label, None) for code, label in Item.Kind.choices),
            ], kept)),
        ],
        chosen={"state": state, "kind": kind}, may_change_profile=can_change_institution(user),
        may_copy=rules.can_publish_items(user),
    )  # fmt: skip


@needs(rules.can_edit_items)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an item with its first text."""
    user = me(request)
    sent = request.POST if request.method == "POST" else None
    form = forms.NewItemForm(sent, reader=user, initial={"language": settings.LANGUAGE_CODE})
    started: list[Item] = []
    if attempt_and_say(request, form, lambda: started.append(
        act.start_item(
            actor=user, kind=form.cleaned_data["kind"], language=form.cleaned_data["language"],
            text=form.text(), dossier=form.cleaned_data["dossier"],
            closes_on=form.cleaned_data["closes_on"],
            picture=form.cleaned_data["picture"], now=timezone.now(),
        )
    ), _("The item is kept as a draft.")):  # fmt: skip
        return redirect("publishing:item", started[0].code)
    return render(request, "publishing/edit.html", {
        "form": form, "parts": forms.parts_of(None, sent), "kinds": forms.BLOCK_KINDS,
        "back": reverse("publishing:list"),
    })  # fmt: skip


@needs(rules.can_edit_items)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write an item, its languages side by side; who saved meanwhile loses nothing."""
    user, item = me(request), _item_or_404(request, code)
    newest = newest_version(item)
    text = text_of(newest)
    sent = request.POST if request.method == "POST" else None
    form = _edit_form(user, item, text, sent)
    base = _number(sent.get("base", "")) if sent else newest.number
    clashes: list[act.SavedMeanwhile] = []

    def save() -> None:
        values = {name: form.cleaned_data[name] for name in ("dossier", "closes_on", "picture")
                  if name in form.cleaned_data}  # fmt: skip
        try:
            act.save_item(
                actor=user, item=item, base=base, text=form.text(), now=timezone.now(), **values
            )  # fmt: skip
        except act.SavedMeanwhile as meanwhile:
            clashes.append(meanwhile)

    if form.is_valid() and attempt_with_form(form, save) and not clashes:
        messages.success(request, _("The item is saved."))
        return redirect("publishing:item", code)
    clash = clashes[0] if clashes else None
    if clash is not None:
        # The form begins anew with what both wrote; where they clash it holds the writer's words.
        base, text, sent = clash.version.number, clash.proposal, None
        form = _edit_form(user, item, text, None)
    return render(request, "publishing/edit.html", {
        "form": form, "item": item, "heading": str(newest.title), "base": base, "clash": clash,
        "parts": forms.parts_of(text, sent), "kinds": forms.BLOCK_KINDS,
        "back": reverse("publishing:item", args=[code]),
    })  # fmt: skip


@needs(can_change_institution)
def profile(request: HttpRequest) -> HttpResponse:
    """Change what the site says about the institution beside its own record."""
    known = the_profile()
    names = forms.ProfileForm.base_fields
    initial = {name: getattr(known, name) for name in names} if known else {}
    if known:
        initial["officers"] = forms.lines_of(known.officers, OFFICER_COLUMNS)
        initial["funders"] = forms.lines_of(known.funders, FUNDER_COLUMNS)
    form = forms.ProfileForm(request.POST or None, initial=initial)
    if attempt_and_say(request, form, lambda: change_profile(
        actor=me(request), changes=form.cleaned_data, now=timezone.now()
    ), _("The profile is saved and public.")):  # fmt: skip
        return redirect("publishing:profile")
    site = reverse("publishing:list")
    return form_page(
        request, form, title=_("Public profile"), verb=_("Save and publish"), back=site,
        template="publishing/profile.html", trail=[(pgettext("the public site", "Site"), site)],
        lead=_("What the site says beside the institution's own record: how to reach it, who "
               "holds office, who pays."),
    )  # fmt: skip


@needs(rules.can_see_items)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show an item as it would be read, in each language, and what can be done with it."""
    user, subject = me(request), _item_or_404(request, code)
    newest = newest_version(subject)
    text = text_of(newest)
    whole = whole_languages(text)
    return render(request, "publishing/item.html", {
        "item": subject, "version": newest, "tone": TONES.get(subject.state, ""),
        "picture_reasons": lacks(newest.picture, dates.local_day(timezone.now()))
        if newest.picture else [],
        "previews": [_preview(text, subject, language, name) for language, name in
                     settings.LANGUAGES],
        "owed": [name for language, name in settings.LANGUAGES if language not in whole],
        "differences": [
            (dict(settings.LANGUAGES)[each.language], WHAT_DIFFERS[each.what])
            for each in dict.fromkeys(differences(text, subject.language))
            if each.what != "missing"
        ],
        "may_edit": rules.can_edit_item(user, subject),
        "may_publish": rules.can_publish_item(user, subject),
        "is_second": rules.is_second_person(user, newest),
        "is_public": subject.published is not None and subject.withdrawn_at is None,
        "public_url": _public_url(subject) if subject.published else "",
        "opening": OpeningForm(), "remark": forms.RemarkForm(),
        "withdrawal": forms.WithdrawalForm(),
    })  # fmt: skip


@needs(rules.can_see_items)
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Show every version of an item beside the one before it, word by word."""
    subject = _item_or_404(request, code)
    versions = versions_of(subject)
    texts = [text_of(version) for version in versions]
    older = [*texts[1:], None]
    rows = [
        (version, _changes(before, after))
        for version, after, before in zip(versions, texts, older, strict=True)
    ]
    return render(request, "publishing/history.html", {
        "item": subject, "heading": str(versions[0].title), "rows": rows,
        "may_edit": rules.can_edit_item(me(request), subject), "newest": versions[0],
    })  # fmt: skip


@require_POST
@needs(rules.can_edit_items)
def restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make an old version the newest again."""
    subject = _item_or_404(request, code)
    try:
        attempt(request, lambda: act.restore_version(
            actor=me(request), item=subject, number=number, now=timezone.now()
        ), _("The old version is the newest again, as a draft."))  # fmt: skip
    except ItemVersion.DoesNotExist as nothing:
        raise Http404 from nothing
    return redirect("publishing:item", code)


@require_POST
@needs(rules.can_edit_items)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a second person to read the item."""
    subject = _item_or_404(request, code)
    attempt(request, lambda: openings.ask_for_review(
        actor=me(request), item=subject, now=timezone.now()
    ), _("A second person is asked."))  # fmt: skip
    return redirect("publishing:item", code)


@require_POST
@needs(rules.can_publish_items)
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a version, set when it opens, or send it back: as the second person."""
    user, subject, now = me(request), _item_or_404(request, code), timezone.now()
    number = _number(request.POST.get("number", ""))
    verb = request.POST.get("verb", "")
    if verb == "publish":
        attempt(request, lambda: openings.publish_item(
            actor=user, item=subject, number=number, now=now
        ), _("Everybody can read it now."))  # fmt: skip
    elif verb == "schedule":
        opening = OpeningForm(request.POST)
        if opening.is_valid():
            attempt(request, lambda: openings.schedule_item(
                actor=user, item=subject, number=number, wall=opening.wall,
                zone=opening.cleaned_data["zone"], now=now,
            ), _("It opens by the clock."))  # fmt: skip
        else:
            messages.error(request, _("Write a day and a time."))
    elif verb == "back":
        attempt(request, lambda: openings.send_back(
            actor=user, item=subject, number=number,
            remark=request.POST.get("remark", "")[:2000], now=now,
        ), _("The item went back to its writer."))  # fmt: skip
    else:
        raise Http404
    return redirect("publishing:item", code)


@require_POST
@needs(rules.can_publish_items)
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take back when an item opens."""
    subject = _item_or_404(request, code)
    attempt(request, lambda: openings.take_back_opening(
        actor=me(request), item=subject, now=timezone.now()
    ), _("It does not open by the clock any more."))  # fmt: skip
    return redirect("publishing:item", code)


@require_POST
@needs(rules.can_publish_items)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a public item back, with the reason for its readers."""
    subject = _item_or_404(request, code)
    form = forms.WithdrawalForm(request.POST)
    if form.is_valid():
        attempt(request, lambda: openings.withdraw_item(
            actor=me(request), item=subject, reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ), _("The item is withdrawn; its address says why."))  # fmt: skip
    else:
        messages.error(request, str(openings.ReasonMissing()))
    return redirect("publishing:item", code)


WHAT_DIFFERS = {
    "citations": gettext_lazy("references differ"), "rows": gettext_lazy("rows of a table differ"),
    "columns": gettext_lazy("columns of a table differ"),
    "cells": gettext_lazy("numbers in a table differ"),
    "items": gettext_lazy("a list has another number of lines"),
    "digits": gettext_lazy("numbers differ"),
    "length": gettext_lazy("a text is much longer or shorter"),
    "missing": gettext_lazy("a part is missing"),
}  # fmt: skip


def _item_or_404(request: HttpRequest, code: str) -> Item:
    return first_or_404(items_for(me(request)).filter(code=code))


def _title(item: Item) -> str:
    return str(newest_version(item).title)


def _row(item: Item) -> dict[str, Any]:
    newest = newest_version(item)
    whole = whole_languages(text_of(newest))
    return {
        "item": item, "title": newest.title, "tone": TONES.get(item.state, ""),
        "owed": [name for code, name in settings.LANGUAGES if code not in whole],
        "is_public": item.published is not None and item.withdrawn_at is None,
    }  # fmt: skip


def _public_url(item: Item) -> str:
    language = settings.LANGUAGE_CODE
    path = reverse("public_publishing:item", args=[language, item.kind, slug_of(item, language)])
    return f"{settings.PUBLIC_ORIGIN}{path}"


def _preview(text: Text, item: Item, language: str, name: str) -> dict[str, Any]:
    reader = Reader(readable_content(text, item.language), language)
    return {
        "language": language, "name": name, "title": text.title.get(language, ""),
        "summary": text.summary.get(language, ""),
        "blocks": [shown for shown in reader.blocks() if shown.language == language],
    }  # fmt: skip


def _changes(before: Text | None, after: Text) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what changed between two versions, by part and language, word by word."""
    old = {block.key: block for block in before.all_blocks()} if before else {}
    new = {block.key: block for block in after.all_blocks()}
    changed = []
    for key in dict.fromkeys((*new, *old)):
        was, stands = (dict(side[key].texts) if key in side else {} for side in (old, new))
        for language in dict.fromkeys((*stands, *was)):
            if was.get(language, "") != stands.get(language, ""):
                pieces = engine.changed_words(was.get(language, ""), stands.get(language, ""))
                changed.append((language, pieces))
    return changed


def _edit_form(user: User, item: Item, text: Text, sent: Any) -> forms.ItemForm:
    return forms.ItemForm(sent, reader=user, kind=item.kind, initial={
        "title": text.title, "summary": text.summary, "dossier": item.dossier,
        "closes_on": item.closes_on, "picture": newest_version(item).picture,
    })  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
