"""ASGI entry point: votes natively, everything else through Django's WSGI application.

Refuses to come up on settings that would lose or expose data.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")

from hiwar.common.serving.bridge import WsgiBridge
from hiwar.common.serving.front import Front
from hiwar.common.serving.warming import warm
from hiwar.config.wsgi import application as django
from hiwar.dialogues.live import Live

bridge = WsgiBridge(django)
application = Front(bridge, on_start=[warm], on_stop=[bridge.close])
Live().mount(application)
