"""Embargo at the desk: when a frozen text opens by itself, and who reads it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import token_of
from hiwar.papers import rules
from hiwar.papers.actions import embargo as act
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.forms.embargo import OpeningForm, PressLinkForm
from hiwar.papers.models import Paper, PressLink
from hiwar.papers.queries.embargo import PRESS, embargoed_version, lent_links
from hiwar.papers.queries.papers import papers_for
from hiwar.papers.queries.signing import latest_version
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_papers)
def embargo(request: HttpRequest, code: str) -> HttpResponse:
    """Let a frozen text open by the clock, or show when it does and to whom it was lent."""
    subject, now = paper_or_404(request, code), timezone.now()
    context = page_of(request, subject, "ready")
    version = embargoed_version(subject)
    may = context["may_publish"]
    frozen = latest_version(subject) if subject.state == Paper.State.FROZEN else None
    opening = OpeningForm(request.POST or None) if may and frozen is not None else None
    if opening is not None and attempt_and_say(
        request, opening,
        lambda: act.set_embargo(
            actor=me(request), paper=subject, wall=opening.wall,
            zone=opening.cleaned_data["zone"], now=now, seen=request.POST.get("seen"),
        ),
        _("It opens by the clock."),
    ):  # fmt: skip
        return redirect("papers:embargo", code)
    lend = PressLinkForm(
        request.POST or None, initial={"language": get_language() or settings.LANGUAGE_CODE}
    ) if may and version is not None else None  # fmt: skip
    if lend is not None and attempt_and_say(
        request, lend,
        lambda: act.lend_to_press(
            actor=me(request), paper=subject, now=now, **lend.cleaned_data
        ),
        _("The link is made. It is for this reader alone."),
    ):  # fmt: skip
        return redirect("papers:embargo", code)
    signed = signatories(frozen.signed_version) if frozen and frozen.signed_version else None
    rows = [
        (lent, is_open, address(PRESS, token) if is_open and (
            token := token_of(lent.private_link)) else "")
        for lent, is_open in lent_links(version, now)
    ] if version is not None and may else []  # fmt: skip
    return render(request, "papers/embargo.html", {
        **context, "version": version, "opening": opening, "lend": lend, "rows": rows,
        "signed": signed,
    })  # fmt: skip


@needs(rules.can_see_papers)
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Let a paper open by the clock no more."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: act.take_back_embargo(actor=me(request), paper=subject, now=timezone.now()),
        _("It does not open by the clock any more. Links of the press are closed."),
    )
    return redirect("papers:ready", code)


@needs(rules.can_see_papers)
@require_POST
def end_link(request: HttpRequest, key: str) -> HttpResponse:
    """End the link of one reader."""
    lent = part_or_404(
        PressLink.objects.filter(
            version__paper__in=papers_for(me(request)).order_by()
        ).select_related("version__paper__dossier"),
        key,
    )
    attempt(
        request,
        lambda: act.end_press_link(actor=me(request), lent=lent, now=timezone.now()),
        _("The link is closed."),
    )
    return redirect("papers:embargo", lent.version.paper.code)
