"""What `make install` lays down: units that are closed, settings that are read, keys that stay."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from hiwar.config import schema

ROOT = Path(__file__).resolve().parents[3]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
# The download of a running house; half of it were wheels that most houses never open.
LARGEST_DOWNLOAD = 160_000_000
LARGEST_EXPOSURE = 2.0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_is_closed(unit: Path) -> None:
    """The score of systemd itself: 0 is closed, 10 is bare."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this system")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(unit)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    score = re.search(r"exposure level for \S+: ([\d.]+)", judged.stdout)
    assert score
    assert float(score[1]) <= LARGEST_EXPOSURE


def test_units_name_commands_that_there_are() -> None:
    from hiwar.config.command import COMMANDS

    known = {name for group in COMMANDS.values() for name in group}
    named = {
        word for unit in UNITS for word in re.findall(r"bin/hiwar (\w+)", unit.read_text("utf-8"))
    }
    assert named == {"prepare", "serve", "work", "backup", "upgrade"}
    assert named <= known


def install(root: Path, **settings: str) -> str:
    environment = {
        "PATH": os.environ["PATH"], "HIWAR_ROOT": str(root), "HIWAR_STEPS": "settings units",
        **settings,
    }  # fmt: skip
    done = subprocess.run(
        [str(ROOT / "tools/install")], env=environment, capture_output=True, text=True, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout


def test_installing_again_keeps_keys_and_settings(tmp_path: Path) -> None:
    install(tmp_path, HIWAR_HOSTS="house.example.org", HIWAR_TIME_ZONE="Asia/Hebron")
    config = tmp_path / "etc/hiwar"
    before = {path.name: path.read_bytes() for path in config.iterdir()}
    assert set(before) == {"hiwar.env", "hiwar.key", "secret.key"}
    assert len(before["secret.key"]) >= 50
    assert before["secret.key"] != before["hiwar.key"]
    for path in config.iterdir():
        assert not path.stat().st_mode & stat.S_IRWXO
    install(tmp_path, HIWAR_HOSTS="other.example.org")
    assert {path.name: path.read_bytes() for path in config.iterdir()} == before
    assert (tmp_path / "etc/systemd/system/hiwar-web.service").exists()
    # What was written is what the schema reads.
    lines = before["hiwar.env"].decode().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    values["HIWAR_SECRET_KEY_FILE"] = str(config / "secret.key")
    values["HIWAR_KEY_FILE"] = str(config / "hiwar.key")
    values["HIWAR_DATA"] = str(tmp_path / "var/lib/hiwar")
    reading = schema.read(values, tmp_path)
    assert [finding.text("en") for finding in reading.findings] == []
    assert reading["HIWAR_HOSTS"] == ["house.example.org"]
    assert reading["HIWAR_ORIGIN"] == "https://house.example.org"


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels/a.whl").write_bytes(b"changed")
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  wheels/a.whl\n")
    refused = subprocess.run(
        [str(ROOT / "tools/install"), str(folder)],
        env={"PATH": os.environ["PATH"], "HIWAR_ROOT": str(tmp_path / "root")},
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "is damaged or not whole" in refused.stderr
    assert not (tmp_path / "root").exists()


def test_download_of_a_running_house_stays_small() -> None:
    """`tools/lock` writes the size of each wheel beside its pin; a new pin needs a new size."""
    pins = dict(
        re.findall(
            r"^([\w.-]+)(?:\[.*?\])?==(\S+)",
            (ROOT / "requirements/run.txt").read_text(),
            re.MULTILINE,
        )
    )
    lines = (ROOT / "requirements/sizes.list").read_text("utf-8").splitlines()
    sizes = {name: (version, int(size)) for name, version, size in map(str.split, lines)}
    assert {name: version for name, (version, _size) in sizes.items()} == pins
    assert sum(size for _version, size in sizes.values()) <= LARGEST_DOWNLOAD
