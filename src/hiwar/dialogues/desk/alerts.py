"""Alerts at the desk: somebody says that they were looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, part_or_404
from hiwar.dialogues import rules
from hiwar.dialogues.actions import alerts as act
from hiwar.dialogues.desk.pages import dialogue_or_404
from hiwar.dialogues.models import Alert

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@needs(rules.can_run_dialogue)
def see(request: HttpRequest, code: str, key: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    subject = part_or_404(Alert.objects.filter(dialogue=dialogue), key)
    attempt(
        request,
        lambda: act.see_alert(actor=me(request), alert=subject, now=timezone.now()),
        _("Noted. It is no longer shown."),
    )
    return redirect("dialogues:dialogue", code)
