"""The environment of the tests: set before Django reads its settings, whatever `.env` says.

The rest is that of `.env.example`, as `tools/test` has it.

A plug-in, because pytest-django reads the settings before any conftest is imported. A variable
that is set already wins, so `HIWAR_DATABASE_URL=postgres://… make test` runs on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="hiwar-tests-"))
(DATA / "static").mkdir()
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

for name, value in {
    "HIWAR_ENV_FILE": str(Path(__file__).resolve().parents[1] / ".env.example"),
    "HIWAR_SECRET_KEY": "tests-only-f3uKp0vXq9Zr7LmYc2Wd8sNh4bTe6GjA1oRiUx5",
    "HIWAR_DATA": str(DATA),
    "HIWAR_HTTPS": "off",
    "HIWAR_STATIC_HASHED": "off",
    "HIWAR_HOSTS": "localhost,127.0.0.1,testserver",
    "HIWAR_DATABASE_URL": f"sqlite:///{DATA / 'hiwar.sqlite3'}",
    "HIWAR_SESSION_IDLE_MINUTES": "15",
    # Playwright's synchronous interface runs a loop in the test's own thread.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}.items():
    os.environ.setdefault(name, value)
