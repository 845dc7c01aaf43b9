from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from hiwar.accounts.queries import the_institution
from hiwar.common import dates
from hiwar.common.home_page import filled_sections

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def choose_language(request: HttpRequest) -> HttpResponse:
    return redirect("site:home", language=get_language() or settings.LANGUAGE_CODE)


def home(request: HttpRequest, language: str) -> HttpResponse:
    """Show what the institution is and does, and above all what is open and new."""
    institution = the_institution()
    context = {
        "modified": dates.instant(institution.modified_at) if institution else "",
        "house": institution,
        "sections": filled_sections(language, timezone.now()),
    }
    return render(request, "common/home.html", context)
