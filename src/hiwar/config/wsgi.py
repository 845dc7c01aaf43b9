"""WSGI entry point; refuses to come up on settings that would lose or expose data."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from hiwar.common.checks import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")
application = get_wsgi_application()
refuse_unsafe_settings()
