"""Write `.env` from `.env.example` with a secret key of this installation's own."""

from __future__ import annotations

import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def filled(example: str, key: str) -> str:
    """Return the example's text with the secret key in place."""
    line = f"HIWAR_SECRET_KEY={key}"
    text, count = re.subn(r"(?m)^#?\s*HIWAR_SECRET_KEY=.*$", line, example, count=1)
    return text if count else f"{line}\n{text}"


def main() -> int:
    """Write the file once; an existing one is never touched."""
    target, example = ROOT / ".env", ROOT / ".env.example"
    if target.exists() or not example.exists():
        return 0
    draft = target.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(filled(example.read_text("utf-8"), secrets.token_urlsafe(48)), "utf-8")
    draft.replace(target)
    sys.stdout.write("setup: wrote .env with a secret key of its own\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
