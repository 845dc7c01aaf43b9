"""Everything of the house leaves: asked for, let go by a second person, taken within a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from hiwar.accounts import rules
from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.accounts.actions import house_exports as actions
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt, attempt_and_say, paged
from hiwar.common.models import HouseExport
from hiwar.common.queries import names_of

if TYPE_CHECKING:
    import io
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


class AskForm(forms.Form):
    """The passphrase of what lies sealed in the export."""

    passphrase = forms.CharField(
        label=lazy("Passphrase for what is secret in it"),
        help_text=lazy(
            "At least four words. Write it on paper: another Hiwar asks for it, and nobody can "
            "find it again."
        ),
        max_length=200,
        widget=forms.PasswordInput({"dir": "auto", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=lazy("The same passphrase again"),
        max_length=200,
        widget=forms.PasswordInput({"dir": "auto", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        values = super().clean() or {}
        if values.get("passphrase") != values.get("again"):
            self.add_error("again", _("This is not the same passphrase."))
        return values


@needs(rules.can_see_house_exports)
@recently_confirmed
def house_exports(request: HttpRequest) -> HttpResponse:
    """Ask for everything, and list what was asked for and taken."""
    form = AskForm(request.POST or None)
    asked: list[HouseExport] = []
    if attempt_and_say(
        request,
        form,
        lambda: asked.append(
            actions.ask_for_export(
                actor=me(request), passphrase=form.cleaned_data["passphrase"], now=timezone.now()
            )
        ),
        _("Asked for. A second person agrees now."),
    ):
        return redirect("accounts:house_export", asked[0].pk)
    listed = paged(request, HouseExport.objects.order_by("-asked_at", "pk"))
    names = names_of(export.asked_by for export in listed["page"])
    rows = [(export, names.get(export.asked_by, "")) for export in listed["page"]]
    nothing = _("Nobody asked for it yet.")
    listing = Listing(
        title=_("Take everything along"),
        lead=_(
            "Everything of the house in one file: tables, files and pages that open without Hiwar, "
            "and what another, empty Hiwar needs to go on where this one stopped."
        ),
        url=reverse("accounts:house_exports"),
        everything="",
        no_match=nothing,
        none_yet=nothing,
        is_quiet=True,
    )
    return list_page(
        request, "accounts/house_exports.html", listing, page=listed, rows=rows, form=form,
        may_ask=rules.can_move_house(request.user),
    )  # fmt: skip


@needs(rules.can_see_house_exports)
@recently_confirmed
def house_export(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show where an export stands; agree to it, take it back, or destroy its file."""
    export = get_object_or_404(HouseExport, pk=key)
    if request.method == "POST":
        now = timezone.now()
        agrees = request.POST.get("decision") == "agree"
        act = actions.agree_to_export if agrees else actions.end_export
        done = _("It is being written.") if agrees else _("It is ended and its file destroyed.")
        attempt(request, lambda: act(actor=me(request), export=export, now=now), done)
        return redirect("accounts:house_export", key)
    names = names_of([export.asked_by, export.agreed_by])
    context = {
        "export": export,
        "asked_by": names.get(export.asked_by, ""),
        "agreed_by": names.get(export.agreed_by, ""),
        "is_mine": export.asked_by == me(request).reference,
        "may_take": rules.can_move_house(request.user),
    }
    response = render(request, "accounts/house_export.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
@needs(rules.can_move_house)
@recently_confirmed
def take(request: HttpRequest, key: UUID) -> Any:
    """Hand the file over, as it is opened piece by piece."""
    export = get_object_or_404(HouseExport, pk=key)
    streams: list[io.BufferedReader] = []
    now = timezone.now()
    if not attempt(
        request,
        lambda: streams.append(actions.take_export(actor=me(request), export=export, now=now)),
        "",
    ):
        return redirect("accounts:house_export", key)
    name = f"hiwar-{timezone.localtime(now):%Y%m%d}.zip"
    response = FileResponse(
        streams[0], as_attachment=True, filename=name, content_type="application/zip"
    )
    response["Content-Length"] = str(export.size)
    response["X-Content-Type-Options"] = "nosniff"
    return response
