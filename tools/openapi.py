"""Write the read interface, as the code describes it, into the description of all addresses."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = ROOT / "docs/reference/openapi.json"


def main() -> None:
    """Bring the handbook to what the code says."""
    os.environ.setdefault("HIWAR_ENV_FILE", str(ROOT / ".env.example"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")
    import django

    django.setup()
    from hiwar.publishing.exports.interface import read_paths

    document = json.loads(DESCRIPTION.read_text("utf-8"))
    document["paths"] |= read_paths()
    DESCRIPTION.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
