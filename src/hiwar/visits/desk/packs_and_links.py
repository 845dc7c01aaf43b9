"""What is handed out: packs and private links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, key_or_404, part_or_404
from hiwar.common.files.pages import attachment
from hiwar.common.links.queries import is_open
from hiwar.common.queries import activities, audit_entries
from hiwar.visits import rules
from hiwar.visits.actions import packs, sharing
from hiwar.visits.desk.pages import page_of_visit, visit_or_404
from hiwar.visits.models import PackBuild, PackFile, ShareLink, Traveller
from hiwar.visits.queries.grounds import grounds_of_points
from hiwar.visits.queries.packs import hosts_of, is_stale

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.visits.models import Visit

DONE = PackBuild.State.DONE
RECENT = 8
WRITTEN = [
    "visits.pack.ask", "visits.host.write", "visits.packtext.add", "visits.packtext.update",
    "visits.packtext.remove", "visits.talkingpoint.add", "visits.talkingpoint.update",
    "visits.talkingpoint.remove", "visits.talkingpoint.check",
]  # fmt: skip


@needs(rules.can_see_visits)
def pack(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    builds = visit.packs.prefetch_related("files").order_by("-asked_at", "pk")
    build = builds.first()
    files = []
    if build is not None:
        order = list(Traveller.Variant.values)
        files_made = build.files.select_related("file").order_by("language", "pk")
        files = sorted(files_made, key=lambda file: (order.index(file.variant), file.language))
    points = list(visit.points.order_by("position", "pk"))
    grounds = grounds_of_points(me(request), points)
    return page_of_visit(
        request,
        "pack",
        visit,
        tab="pack",
        build=build,
        files=[(file, Traveller.Variant(file.variant).label) for file in files],
        done=len(files),
        wanted=len(build.wanted) if build else 0,
        is_running=build is not None and build.state == PackBuild.State.WAITING,
        is_old=build is not None and build.version != visit.version,
        texts=visit.texts.order_by("position", "pk"),
        points=[
            (
                point,
                is_stale(point, max(visit.starts_on, timezone.localdate())),
                grounds.get(point.pk),
            )
            for point in points
        ],
        hosts=hosts_of(visit),
        activities=activities(
            audit_entries(subject=visit.reference).filter(verb__in=WRITTEN)[:RECENT]
        ),
    )


@needs(rules.can_run_visits)
@require_POST
def ask_pack(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    attempt(
        request,
        lambda: packs.ask_pack(actor=me(request), visit=visit, now=timezone.now()),
        _("The pack is being made. You may leave this page."),
    )
    return redirect("visits:pack", code)


@needs(rules.can_see_visits)
def pack_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Hand over one file of a pack."""
    visit = visit_or_404(request, code)
    file = get_object_or_404(
        PackFile.objects.select_related("file"), build__visit=visit, pk=key_or_404(key)
    )
    return attachment(reader=me(request), file=file.file)


@needs(rules.can_run_visits)
def links(
    request: HttpRequest, code: str, shown: list[dict[str, str]] | None = None
) -> HttpResponse:
    visit = visit_or_404(request, code)
    listed = visit.links.select_related("traveller", "colleague", "private_link")
    listed, now = listed.order_by("-private_link__made_at", "pk"), timezone.now()
    return page_of_visit(
        request,
        "links",
        visit,
        tab="links",
        rows=[(link, is_open(link.private_link, now)) for link in listed],
        travellers=visit.travellers.order_by("number", "pk"),
        shown=shown or [],
        asked=visit.links.filter(kind=ShareLink.Kind.FEEDBACK).exists(),
    )


@needs(rules.can_run_visits)
@require_POST
def make_link(request: HttpRequest, code: str) -> HttpResponse:
    """Make a link and show its address this once."""
    visit = visit_or_404(request, code)
    holder = request.POST.get("traveller", "")
    now = timezone.now()
    shown: list[dict[str, str]] = []
    if request.POST.get("kind") == ShareLink.Kind.FEEDBACK:
        for person in visit.travellers.order_by("number", "pk"):
            _link, token = sharing.make_link(
                actor=me(request),
                visit=visit,
                kind=ShareLink.Kind.FEEDBACK,
                traveller=person,
                now=now,
            )
            shown.append(_shown(visit, person.name, "feedback", token))
        return links(request, code, shown)
    traveller = _traveller(visit, holder)
    _link, token = sharing.make_link(
        actor=me(request), visit=visit, kind=ShareLink.Kind.PROGRAMME, traveller=traveller,
        colleague=None if traveller else me(request), now=now,
    )  # fmt: skip
    name = traveller.name if traveller else str(me(request).name)
    shown = [_shown(visit, name, "programme", token), _shown(visit, name, "calendar", token)]
    return links(request, code, shown)


def _traveller(visit: Visit, number: str) -> Traveller | None:
    if not number:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Http404
    return get_object_or_404(visit.travellers, number=int(number))


def _shown(visit: Visit, name: str, kind: str, token: str) -> dict[str, str]:
    address = reverse(f"public_visits:{kind}", args=[token])
    labels = {
        "programme": _("Programme"), "calendar": _("Calendar"), "feedback": _("Feedback form"),
    }  # fmt: skip
    return {"name": name, "kind": labels[kind], "url": f"{settings.PUBLIC_ORIGIN}{address}"}


@needs(rules.can_run_visits)
@require_POST
def withdraw_link(request: HttpRequest, code: str, key: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    link = part_or_404(visit.links.select_related("visit"), key)
    attempt(
        request,
        lambda: sharing.withdraw_link(actor=me(request), link=link, now=timezone.now()),
        _("The link is closed; phones that kept the page drop it at their next contact."),
    )
    return redirect("visits:links", code)
