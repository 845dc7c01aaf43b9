"""A copy of the whole public site, asked for at the desk and taken home as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common import jobs, navigation
from hiwar.common.desk.pages import attempt
from hiwar.common.files.pages import attachment
from hiwar.publishing import rules
from hiwar.publishing.actions import copies as act
from hiwar.publishing.queries.open_data import newest_copy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_publish_items)
def page(request: HttpRequest) -> HttpResponse:
    """Show the newest copy, or how far it is, and let one be made."""
    navigation.stand_under(request, "/desk/site/")
    now = timezone.now()
    if request.method == "POST":
        done = _("A copy is being made.")
        attempt(request, lambda: act.ask_for_copy(actor=me(request), now=now), done)
        return redirect("publishing:copy")
    return render(request, "publishing/copy.html", {
        "heading": _("Copy of the site"), "copy": newest_copy(), "job": jobs.state_of(act.KEY),
    })  # fmt: skip


@needs(rules.can_publish_items)
def take(request: HttpRequest) -> HttpResponse:
    """Give the newest copy as a file; without one, the page on which it is made."""
    copy = newest_copy()
    if copy is None or copy.file is None:
        return redirect("publishing:copy")
    answer = attachment(reader=request.user, file=copy.file)
    answer["Content-Type"] = "application/zip"
    answer["Content-Disposition"] = f'attachment; filename="site-{copy.made_at:%Y-%m-%d}.zip"'
    return answer
