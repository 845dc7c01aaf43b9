"""Work beside the requests: what waits, runs and failed, and the duties of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hiwar.accounts import rules
from hiwar.accounts.access import me, needs
from hiwar.accounts.actions.jobs import retry_job
from hiwar.common.backup.copying import is_backup_late
from hiwar.common.desk.pages import attempt
from hiwar.common.jobs.overview import failing_jobs, has_worker, late_duties, overview
from hiwar.common.models import HouseExport
from hiwar.common.navigation import Risk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_activity)
def jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/jobs.html", {"jobs": overview(timezone.now())})


@require_POST
@needs(rules.can_see_activity)
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a job that failed begin now."""
    now = timezone.now()
    attempt(
        request, lambda: retry_job(actor=me(request), key=key, now=now), _("It is tried again now.")
    )
    return redirect("accounts:jobs")


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Warn whoever looks after the house when nothing works beside the requests."""
    if rules.can_let_house_go(request.user):
        mine = me(request).reference
        for export in HouseExport.objects.filter(state=HouseExport.State.ASKED).exclude(
            asked_by=mine
        ):
            yield Risk(
                _("Somebody asks for everything of the house"),
                _("It waits for a second person: ask whether it is meant, then agree or end it."),
                reverse("accounts:house_export", args=[export.pk]),
            )
    if not rules.can_see_activity(request.user):
        return
    now = timezone.now()
    if not has_worker(now):
        yield Risk(
            _("No worker is running"),
            _("Maps, packs, letters and deletions wait until one runs."),
            reverse("accounts:jobs"),
        )
    if failing := failing_jobs():
        yield Risk(
            ngettext("%(n)d job failed", "%(n)d jobs failed", failing) % {"n": failing},
            _("The page of jobs says which, and why."),
            reverse("accounts:jobs"),
        )
    if is_backup_late(now):
        yield Risk(
            _("No backup for two nights"),
            _("What is lost now would be lost for good: the page of jobs says why."),
            reverse("accounts:jobs"),
        )
    late = len(late_duties(now))
    if late:
        yield Risk(
            ngettext("%(n)d duty is late", "%(n)d duties are late", late) % {"n": late},
            _("The page of jobs says which, and why."),
            reverse("accounts:jobs"),
        )
