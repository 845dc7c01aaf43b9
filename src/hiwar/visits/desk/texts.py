"""What a pack says: texts, talking points and hosts written at the desk, and read before print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, key_or_404, part_or_404
from hiwar.common.multilingual import direction
from hiwar.visits import rules
from hiwar.visits.actions import texts as act
from hiwar.visits.desk.pages import form_of_visit, page_of_visit, visit_or_404
from hiwar.visits.exports.pack import body_of
from hiwar.visits.forms import texts as forms
from hiwar.visits.models import PackText, TalkingPoint, Traveller
from hiwar.visits.queries.packs import OFFERED, contacts_with, hosts_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.visits.models import Visit


def _next(visit: Visit, kind: type[PackText] | type[TalkingPoint]) -> int:
    highest = kind.objects.filter(visit=visit).aggregate(last=Max("position"))["last"]
    return 0 if highest is None else highest + 1


def _edit(
    request: HttpRequest,
    code: str,
    kind: type[PackText] | type[TalkingPoint],
    form_class: type[forms.ReadersForm],
    key: str = "",
) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject: PackText | TalkingPoint | None = None
    initial: dict[str, object] = {"is_for_members": True, "position": _next(visit, kind)}
    if key:
        contents = kind.objects.filter(visit=visit).select_related("visit")
        subject = part_or_404(contents, key)  # type: ignore[assignment]  # of this kind
        initial = {name: getattr(subject, name) for name in form_class.base_fields}
    more: dict[str, Any] = {"reader": me(request)} if kind is TalkingPoint else {}
    form = form_class(request.POST or None, initial=initial, **more)
    now = timezone.now()

    def write() -> None:
        if subject is None:
            facts = form.cleaned_data
            act.add_content(actor=me(request), visit=visit, kind=kind, facts=facts, now=now)
        else:
            act.update_content(actor=me(request), content=subject, facts=form.cleaned_data, now=now)

    if attempt_and_say(request, form, write, _("It is in the next pack that is made.")):
        return redirect("visits:pack", code)
    is_point = kind is TalkingPoint
    named = _("Talking point") if is_point else subject.title if subject else ""  # type: ignore[union-attr]  # a text
    title = named if subject else _("New talking point") if is_point else _("New text")
    return form_of_visit(
        request, form, visit, tab="pack", title=title, verb=_("Save"), subject=subject,
        back=reverse("visits:pack", args=[code]), template="visits/desk/content.html",
    )  # fmt: skip


@needs(rules.can_run_visits)
def add_text(request: HttpRequest, code: str) -> HttpResponse:
    return _edit(request, code, PackText, forms.PackTextForm)


@needs(rules.can_run_visits)
def edit_text(request: HttpRequest, code: str, key: str) -> HttpResponse:
    return _edit(request, code, PackText, forms.PackTextForm, key)


@needs(rules.can_run_visits)
def add_point(request: HttpRequest, code: str) -> HttpResponse:
    return _edit(request, code, TalkingPoint, forms.TalkingPointForm)


@needs(rules.can_run_visits)
def edit_point(request: HttpRequest, code: str, key: str) -> HttpResponse:
    return _edit(request, code, TalkingPoint, forms.TalkingPointForm, key)


def _content_or_404(visit: Visit, key: str) -> PackText | TalkingPoint:
    for kind in (PackText, TalkingPoint):
        content = (
            kind.objects.filter(visit=visit, pk=key_or_404(key)).select_related("visit").first()
        )
        if content is not None:
            return content
    raise Http404


@needs(rules.can_run_visits)
def remove_content(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Ask before a text or a point goes."""
    visit = visit_or_404(request, code)
    subject = _content_or_404(visit, key)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.remove_content(actor=me(request), content=subject, now=timezone.now()),
            _("It is out of the pack."),
        )
        return redirect("visits:pack", code)
    return page_of_visit(request, "content_remove", visit, tab="pack", subject=subject)


@needs(rules.can_run_visits)
@require_POST
def check_reference(request: HttpRequest, code: str, key: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    points = visit.points.select_related("visit")
    point = part_or_404(points, key)
    attempt(
        request,
        lambda: act.check_reference(
            actor=me(request), point=point, on=timezone.localdate(), now=timezone.now()
        ),
        _("The reference counts as looked up today."),
    )
    return redirect("visits:pack", code)


@needs(rules.can_run_visits)
def host(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Write what the pack says of one host of the visit."""
    visit = visit_or_404(request, code)
    wished = key_or_404(key)
    subject = next(
        (candidate for candidate in hosts_of(visit) if candidate.organisation.pk == wished), None
    )
    if subject is None:
        raise Http404
    newest = contacts_with(subject.organisation, visit.starts_on)[:OFFERED]
    offered = contacts_with(subject.organisation, visit.starts_on).filter(
        pk__in=[interaction.pk for interaction in newest]
    )
    form = forms.HostForm(request.POST or None, host=subject, offered=offered)
    organisation = subject.organisation
    if attempt_and_say(request, form, lambda: act.write_about_host(
            actor=me(request), visit=visit, organisation=organisation, now=timezone.now(),
            **form.cleaned_data,
        ), _("It is in the next pack that is made.")):  # fmt: skip
        return redirect("visits:pack", code)
    return form_of_visit(
        request, form, visit, tab="pack", title=organisation.name, verb=_("Save"), host=subject,
        back=reverse("visits:pack", args=[code]), template="visits/desk/host.html",
    )  # fmt: skip


@needs(rules.can_see_visits)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a pack would say now, for one kind of reader in one language."""
    visit = visit_or_404(request, code)
    variant = request.GET.get("variant", "")
    variant = variant if variant in Traveller.Variant.values else Traveller.Variant.MEMBER
    languages = visit.pack_languages
    language = request.GET.get("read", "")
    language = language if language in languages else languages[0]
    with translation.override(language), timezone.override(ZoneInfo(visit.zone)):
        body = body_of(visit, variant=variant, language=language)
    address = reverse("visits:preview", args=[code])
    names = dict(settings.LANGUAGES)
    return page_of_visit(
        request,
        "preview",
        visit,
        tab="pack",
        body=mark_safe(body),  # noqa: S308 - a template of this room made it
        language=language,
        direction=direction(language),
        variants=[
            {"label": Traveller.Variant(value).label, "count": None, "current": value == variant,
             "url": f"{address}?variant={value}&read={language}"}
            for value in Traveller.Variant.values
        ],
        languages=[
            {"label": names.get(shown, shown), "count": None, "current": shown == language,
             "url": f"{address}?variant={variant}&read={shown}"}
            for shown in languages
        ],
    )  # fmt: skip
