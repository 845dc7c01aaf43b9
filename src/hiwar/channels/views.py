"""What opens without an account: the way out of messages to many, and the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from hiwar.channels.actions.opt_outs import take_way_out
from hiwar.channels.actions.subscribers import confirm_subscription
from hiwar.channels.models import Message
from hiwar.channels.queries.contents import key_of_token
from hiwar.channels.queries.subscribers import SUBSCRIPTION, is_waiting
from hiwar.common.links.actions import LinkClosed
from hiwar.common.links.pages import behind_link, closed_page
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.channels.models import Subscriber


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
        take_way_out(message=message, at=timezone.now())
    wished = request.GET.get("language", message.language)
    with override(wished if wished in dict(settings.LANGUAGES) else get_language()):
        context = {"is_done": is_done, "purpose": purpose_of(message.purpose).label}
        response = render(request, "channels/way_out.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@behind_link(SUBSCRIPTION, takes_answers=True)
def subscription(request: HttpRequest, subscriber: Subscriber, _token: str) -> HttpResponse:
    """Let somebody confirm that they want the newsletter: opening changes nothing, pressing does.

    After 48 hours the page says what every closed link says.
    """
    now = timezone.now()
    if not is_waiting(subscriber, now):
        return closed_page(request, is_known=True)
    context: dict[str, object] = {"wording": subscriber.asked_wording}
    if request.method == "POST":
        try:
            confirm_subscription(subscriber=subscriber, now=now)
        except LinkClosed:
            return closed_page(request, is_known=True)
        context["is_done"] = True
    return render(request, "channels/subscription.html", context)
