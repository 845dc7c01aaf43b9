"""ASGI entry point: votes natively, everything else through Django's WSGI application.

Refuses to come up on settings that would lose or expose data.
"""

from __future__ import annotations

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")

from hiwar.common.serving.bridge import WsgiBridge
from hiwar.common.serving.router import Router
from hiwar.common.serving.warmup import warm
from hiwar.config.wsgi import application as django
from hiwar.dialogues.live import Live


def end_with_server() -> None:
    """End when the process of `hiwar serve` ends, so that nothing serves unwatched."""
    if os.environ.get("HIWAR_SERVED_BY") == str(os.getppid()):
        # Jobs hold models: they can be read only after Django is set up, which `wsgi` does.
        from hiwar.common.jobs.supervisor import end_with_parent

        end_with_parent(signal.SIGTERM)


bridge = WsgiBridge(django)
application = Router(bridge, on_start=[end_with_server, warm], on_stop=[bridge.close])
Live().mount(application)
