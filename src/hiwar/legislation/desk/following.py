"""Laws followed at the desk, and what is new marked as seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt
from hiwar.legislation import rules
from hiwar.legislation.actions import following as act
from hiwar.legislation.desk.pages import law_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_laws)
@require_POST
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Follow a law, or stop."""
    law, now = law_or_404(request, key), timezone.now()
    if request.POST.get("follow") == "no":
        attempt(
            request, lambda: act.unfollow_law(actor=me(request), law=law, now=now),
            _("You do not follow this law any more."),
        )  # fmt: skip
    else:
        attempt(
            request, lambda: act.follow_law(actor=me(request), law=law, now=now),
            _("You follow this law: what is new stands on your morning page."),
        )  # fmt: skip
    return redirect("legislation:law", law.pk)


@needs(rules.can_see_laws)
@require_POST
def seen(request: HttpRequest, key: str) -> HttpResponse:
    """Mark what was shown as seen; what came since the page was made stays new."""
    law, now = law_or_404(request, key), timezone.now()
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = now
    if timezone.is_naive(until):
        until = timezone.make_aware(until)
    attempt(
        request, lambda: act.mark_law_seen(actor=me(request), law=law, until=until, now=now),
        _("Seen."),
    )  # fmt: skip
    return redirect("legislation:law", law.pk)
