from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from hiwar.accounts.queries import the_institution
from hiwar.common import dates

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def choose_language(request: HttpRequest) -> HttpResponse:
    return redirect("site:home", language=get_language() or settings.LANGUAGE_CODE)


def home(request: HttpRequest, language: str) -> HttpResponse:
    institution = the_institution()
    modified = dates.instant(institution.modified_at) if institution else ""
    return render(request, "common/home.html", {"modified": modified, "house": institution})
