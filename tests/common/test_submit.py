"""A script that takes a form over takes its own button and leaves every other to the browser."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import playwright
import pytest

import hiwar

PACKAGE = Path(hiwar.__file__).parent
# Playwright brings the one it runs by.
NODE = Path(playwright.__file__).parent / "driver/node"
# The button that a script answers for; a script that is new here names its own.
OWN = {
    "accounts/passkey.js": {"name": "", "value": ""},
    "dialogues/another.js": {"name": "", "value": ""},
    "dialogues/compose.js": {"name": "", "value": ""},
    "dialogues/forget.js": {"name": "", "value": ""},
    "dialogues/recommend.js": {"name": "choice", "value": "support"},
    "dialogues/vote.js": {"name": "choice", "value": "1"},
    "events/console.js": {"name": "", "value": ""},
}
FOREIGN = (
    {"name": "draft", "value": "1", "formAction": "/en/d/abc/statements/add/", "lang": "en"},
    {"name": "act", "value": "withdraw"},
)


def scripts() -> dict[str, Path]:
    """Return the scripts that listen to the sending of a form."""
    listens = re.compile(r"""addEventListener\(\s*["']submit["']""")
    return {
        f"{path.parent.name}/{path.name}": path
        for path in sorted(PACKAGE.glob("*/static/**/*.js"))
        if "vendor" not in path.parts and listens.search(path.read_text("utf-8"))
    }


def test_every_script_that_takes_a_form_over_is_tried() -> None:
    assert set(scripts()) == set(OWN)


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_script_leaves_other_buttons_to_the_browser(name: str, tmp_path: Path) -> None:
    module = tmp_path / "script.mjs"
    module.write_bytes(scripts()[name].read_bytes())
    command = [NODE, Path(__file__).parent / "submit.mjs", module]
    asked = [*FOREIGN, OWN[name]]
    done = subprocess.run([*command, json.dumps(asked)], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["listeners"] >= 1, "the script never listened: the page of the test is too small"
    assert answer["pressed"] == [False, False, True]
