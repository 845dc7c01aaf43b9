"""The page of a form at the desk: what it is called, what its button does, where it leads back.

Its frame is ``common/form_page.html``. A room whose form needs more, a notice before it or buttons
beside it, has a template that extends the frame and fills its blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: object,
    verb: str,
    back: str = "",
    template: str = "common/form_page.html",
    trail: Sequence[tuple[object, str]] = (),
    **context: Any,
) -> HttpResponse:
    """Render the page of a form.

    Parameters
    ----------
    title, verb, back
        The heading, the words of the button, and the address that *Cancel* leads to: the record,
        or the page just above, where none is given.
    template
        What fills the blocks of the frame.
    trail
        Label and address of each page above this one, from the outermost.
    context
        More for the template. The frame knows ``lead`` (a sentence under the heading), ``record``
        (what the form belongs to: ``title`` and ``url``), ``tabs`` of that record, ``styles``
        (sheets of the room), ``icon`` of the button and ``cancel`` (other words of the way back).
    """
    above = context["record"]["url"] if context.get("record") else trail[-1][1] if trail else ""
    context |= {"form": form, "title": title, "verb": verb, "back": back or above, "trail": trail}
    return render(request, template, context)
