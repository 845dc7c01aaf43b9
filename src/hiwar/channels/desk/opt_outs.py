"""Opt-outs at the desk: what somebody said by voice is written down, looked up, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.channels import rules
from hiwar.channels.actions import opt_outs as act
from hiwar.channels.desk.pages import show
from hiwar.channels.forms import OptOutForm
from hiwar.channels.queries.opt_outs import counted, suppressions_of
from hiwar.channels.queries.ways import kind_of
from hiwar.common.desk.pages import attempt_with_form
from hiwar.common.post import purpose_of
from hiwar.contacts.queries.vocabularies import label

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_answer)
def opt_outs(request: HttpRequest) -> HttpResponse:
    """Show how many want no messages; look an address up, end its messages or begin again."""
    actor, now = me(request), timezone.now()
    form = OptOutForm(request.POST or None)
    said, is_looked_up, done = [], False, ""
    if form.is_valid():
        address, purpose = form.cleaned_data["address"], form.cleaned_data["purpose"]
        if "end" in request.POST:
            if attempt_with_form(form, lambda: act.end_messages(
                    actor=actor, address=address, purpose=purpose, at=now)):  # fmt: skip
                done = _("Written down. The outbox asks before every message.")
        elif "begin" in request.POST:
            if attempt_with_form(form, lambda: act.begin_again(
                    actor=actor, address=address, at=now)):  # fmt: skip
                done = _("Messages to this address begin again.")
        elif not kind_of(address):
            form.add_error("address", str(act.NoAddress.message))
        if not form.errors:
            is_looked_up = True
            said = [(each, purpose_name(each.purpose)) for each in suppressions_of(address)]
    return show(
        request, "opt_outs", form=form, said=said, is_looked_up=is_looked_up, done=done,
        counted=counted(actor),
    )  # fmt: skip


def purpose_name(code: str) -> str:
    """Return what an opt-out is about, in words."""
    if not code:
        return _("all messages")
    return label("purposes", code) if "." not in code else str(purpose_of(code).label)
