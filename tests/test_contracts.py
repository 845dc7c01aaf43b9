"""Each import contract is kept by the house, and each is shown to break when it is broken."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}
FLOORS = next(contract["layers"] for contract in CONTRACTS if contract["id"] == "floors")

# The mini house has every open floor, two later ones, and one room with all its stairs.
SOUND = {
    "config/__init__.py": "",
    "config/urls.py": "from hiwar.dialogues import urls\n",
    "papers/__init__.py": "",
    "papers/models.py": "from hiwar.dialogues import models\n",
    "dialogues/__init__.py": "",
    "dialogues/urls.py": "from hiwar.dialogues import views\n",
    "dialogues/views.py": "from hiwar.dialogues import actions, forms\nimport http\n",
    "dialogues/forms.py": "from hiwar.dialogues import queries\n",
    "dialogues/actions.py": "from hiwar.dialogues import queries, rules\n",
    "dialogues/queries.py": "from hiwar.dialogues import models\nimport hiwar.engine.opinion\n",
    "dialogues/rules.py": "from hiwar.dialogues import models\n",
    "dialogues/models.py": "from hiwar.accounts import models\nimport django\n",
    "dialogues/migrations/__init__.py": "",
    "dialogues/migrations/0001_initial.py": "from django.db import migrations\n",
    "visits/__init__.py": "",
    "asks/__init__.py": "",
    "events/__init__.py": "",
    "dossiers/__init__.py": "",
    "contacts/__init__.py": "",
    "legislation/__init__.py": "",
    "evidence/__init__.py": "",
    "channels/__init__.py": "",
    "channels/adapters/__init__.py": "",
    "channels/adapters/aggregator.py": "import httpx\n",
    "accounts/__init__.py": "",
    "accounts/models.py": "from hiwar import common\n",
    "common/__init__.py": "",
    "common/desk.py": "from hiwar.analysis import report\n",
    "analysis/__init__.py": "",
    "analysis/report.py": "import jinja2\nfrom hiwar.engine import inclusion\n",
    "engine/__init__.py": "",
    "engine/opinion/__init__.py": "import numpy\n",
    "engine/opinion/maps.py": "import scipy\n",
    "engine/inclusion/__init__.py": "import numpy\n",
}

# Every room that is open stands there; those that are not yet are written in brackets.
SOUND |= {
    f"{room.strip()}/__init__.py": ""
    for floor in FLOORS
    for room in floor.split("|")
    if "(" not in room and f"{room.strip()}/__init__.py" not in SOUND
}

# contract, file, planted text, what the report must name
VIOLATIONS = [
    ("floors", "dialogues/models.py", "from hiwar.papers import models\n", "hiwar.papers"),
    ("floors", "common/desk.py", "import hiwar.accounts\n", "hiwar.accounts"),
    ("floors", "engine/opinion/maps.py", "import hiwar.analysis\n", "hiwar.analysis"),
    ("floors", "petitions/__init__.py", "", "hiwar.petitions"),
    ("stairs", "dialogues/models.py", "from hiwar.dialogues import actions\n", "actions"),
    ("stairs", "dialogues/actions.py", "from hiwar.dialogues import forms\n", "forms"),
    ("stairs", "dialogues/rules.py", "from hiwar.dialogues import queries\n", "queries"),
    ("cellar", "engine/opinion/maps.py", "from django.db import models\n", "django"),
    ("cellar", "engine/inclusion/__init__.py", "import logging\n", "logging"),
    ("workbench", "analysis/report.py", "import django\n", "django"),
    ("strangers", "engine/opinion/maps.py", "import hiwar.engine.inclusion\n", "inclusion"),
    ("one-socket", "dialogues/handlers.py", "import httpx\n", "httpx"),
    ("one-socket", "channels/actions.py", "import smtplib\n", "smtplib"),
    (
        "photographs",
        "dialogues/migrations/0002_fill.py",
        "from hiwar.dialogues import models\n",
        "0002_fill",
    ),
    (
        "no-rings",
        "channels/adapters/paper.py",
        "import hiwar.channels.adapters.aggregator\n",
        "hiwar.channels.adapters",
    ),
]


def build(folder: Path, files: dict[str, str]) -> None:
    (folder / "hiwar").mkdir()
    (folder / "hiwar/__init__.py").touch()
    for name, text in files.items():
        path = folder / "hiwar" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lint(folder: Path) -> dict[str, str]:
    """Run the house's own contracts over `folder`; return what each contract reports."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            LINT,
            "--no-cache",
            "--no-logo",
            "--config",
            ROOT / "pyproject.toml",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    verdicts = {
        name: line.removeprefix(name).strip().split(" ")[0]
        for line in done.stdout.splitlines()
        for name in NAMES.values()
        if line.startswith((f"{name} KEPT", f"{name} BROKEN"))
    }
    assert set(verdicts) == set(NAMES.values()), done.stdout + done.stderr
    return {**verdicts, "report": done.stdout}


def test_contracts_are_kept() -> None:
    result = lint(ROOT / "src")
    broken = [name for name in NAMES.values() if result[name] != "KEPT"]
    assert broken == [], result["report"]


def test_contracts_accept_a_sound_house(tmp_path: Path) -> None:
    build(tmp_path, SOUND)
    result = lint(tmp_path)
    assert [name for name in NAMES.values() if result[name] != "KEPT"] == [], result["report"]


def test_contracts_every_one_is_broken_on_purpose() -> None:
    assert {contract for contract, *_ in VIOLATIONS} == set(NAMES)


@pytest.mark.parametrize(
    ("contract", "path", "planted", "named"),
    VIOLATIONS,
    ids=[f"{contract}-{path.removesuffix('.py')}" for contract, path, *_ in VIOLATIONS],
)
def test_contract_breaks(
    contract: str, path: str, planted: str, named: str, tmp_path: Path
) -> None:
    files = {**SOUND, path: SOUND.get(path, "") + planted}
    if contract == "no-rings":
        files["channels/adapters/aggregator.py"] += "from hiwar.channels.adapters import paper\n"
    build(tmp_path, files)
    result = lint(tmp_path)
    assert result[NAMES[contract]] == "BROKEN", result["report"]
    details = result["report"].split("Broken contracts", 1)[1]
    assert NAMES[contract] in details
    assert named in details
