"""What the first request would otherwise wait for, done before a server takes any."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.urls import get_resolver
from django.utils import translation

if TYPE_CHECKING:
    from django.template.backends.base import BaseEngine

log = logging.getLogger(__name__)


def warm() -> None:
    """Import the views, load the catalogues and compile the templates.

    Votes are taken without all this, so a fault in it is told and stops nothing.
    """
    try:
        _warm()
    except Exception:
        log.exception("not everything could be made ready beforehand")


def _warm() -> None:
    resolver = get_resolver()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            # A catalogue is read as its language becomes active; each has a table of addresses.
            len(resolver.reverse_dict)
    for engine in engines.all():
        for folder in engine.template_dirs:
            for path in sorted(Path(folder).rglob("*.html")):
                _compile(engine, path.relative_to(folder).as_posix())


def _compile(engine: BaseEngine, name: str) -> None:
    try:
        engine.get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError):
        # A template of a library that is not meant for this engine; whoever needs it will hear.
        return
