"""Pictures as everybody is sent them: asked of the page they stand on, each time."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hiwar.common import dates
from hiwar.common.files.pages import picture as shown
from hiwar.publishing.models import Picture
from hiwar.publishing.queries.pictures import lacks, rendition_of
from hiwar.publishing.views.keeping import kept_for_a_minute

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@kept_for_a_minute
def rendition(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Send a picture that stands on a public page; one that was withdrawn is gone, with 410."""
    row = rendition_of(code, name)
    if row is None:
        if Picture.objects.filter(code=code, withdrawn_at__isnull=False).exists():
            return HttpResponse(status=HTTPStatus.GONE)
        raise Http404
    if lacks(row.picture, dates.local_day(timezone.now())):
        raise Http404
    try:
        # Whoever works at the desk sees here what everybody sees.
        return shown(reader=None, file=row.file)
    except PermissionDenied as nothing:
        raise Http404 from nothing
