"""The two servers beside Hiwar: a bare answer, and the view that one writes first."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer without looking at anything."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def _plain_view(request: HttpRequest) -> HttpResponse:
    """Store a vote as the documentation of an ORM would."""
    from django.http import JsonResponse

    from hiwar.dialogues.models import Participant, Statement, Vote
    from hiwar.dialogues.queries.tokens import read_token

    vote = json.loads(request.body)["votes"][0]
    name, token = next(iter(request.COOKIES.items()))
    bearer = read_token(name.rpartition("-")[2], token)
    participant = Participant.objects.get(pk=bearer.participant)  # type: ignore[union-attr]
    statement = Statement.objects.get(
        dialogue=participant.dialogue, number=vote["statement"], state="open"
    )
    Vote.objects.update_or_create(
        participant=participant,
        statement=statement,
        defaults={"choice": vote["choice"], "sequence": vote["sequence"]},
    )
    return JsonResponse({"ok": True})


def _application() -> Any:
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    application = get_wsgi_application()
    from hiwar.config import urls

    urls.urlpatterns = [
        path("naive", csrf_exempt(_plain_view)),
        path("healthz", lambda request: HttpResponse("ok")),
    ]
    return application


def naive(environ: dict[str, Any], start_response: Any) -> Any:
    """Serve the plain view with every middleware of the installation."""
    global _made  # noqa: PLW0603 -- made at the first request, so that the bare peer needs no Django
    if _made is None:
        _made = _application()
    return _made(environ, start_response)


_made: Any = None
