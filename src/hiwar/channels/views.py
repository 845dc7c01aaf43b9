"""What opens without an account: the way out of messages that go to many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from hiwar.channels.actions.opt_outs import suppress
from hiwar.channels.models import Message, Suppression
from hiwar.channels.queries.contents import key_of_token
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# Mail programs post here by themselves (RFC 8058) and have no cookie to prove anything by.
@csrf_exempt
@never_cache
def way_out(request: HttpRequest, token: str) -> HttpResponse:
    """End messages of one purpose to one address: opening changes nothing, posting does at once."""
    key = key_of_token(token, "out")
    message = Message.objects.select_related("address").filter(pk=key).first() if key else None
    if message is None:
        return render(request, "channels/way_out.html", {"is_unknown": True}, status=410)
    is_done = request.method == "POST"
    if is_done:
        suppress(
            digest=message.address.digest,
            kind=message.address.kind,
            purpose=message.purpose,
            why=Suppression.Why.LINK,
            at=timezone.now(),
        )
    context = {"is_done": is_done, "purpose": purpose_of(message.purpose).label}
    response = render(request, "channels/way_out.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
