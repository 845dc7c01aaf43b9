"""`hiwar analyse` as a researcher runs it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.vote_files import (
    COMMAND,
    environment,
    long_csv,
    run,
    statements_csv,
    two_camps,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "participant,statement,vote\n"
FAST = ("--bootstrap", "4")
OPEN = {
    "brexit-consensus": (),
    "scoop-hivemind.biodiversity": (
        "--meta", "0,1,2,3,4,5,8,9,10,11,12,13,14,15,16",
    ),
    "vtaiwan.uberx": (),
    "american-assembly.bowling-green": (),
}  # fmt: skip
AGREEMENT = {
    ("brexit-consensus", "compat"): 0.87,
    ("scoop-hivemind.biodiversity", "compat"): 0.95,
    ("vtaiwan.uberx", "default"): 0.82,
    ("american-assembly.bowling-green", "default"): 0.75,
}


def document(folder: Path, *arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json", "out.json", *FAST, cwd=folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((folder / "out.json").read_bytes())
    return found


def without_files(found: dict[str, Any]) -> dict[str, Any]:
    inputs = {k: v for k, v in found["inputs"].items() if k not in {"files", "sha256"}}
    return found | {"inputs": inputs}


@pytest.fixture
def camps(tmp_path: Path) -> Path:
    return write(tmp_path, {"votes.csv": long_csv(two_camps()), "statements.csv": statements_csv()})


def test_two_camps_are_found_and_reported(camps: Path) -> None:
    done = run(
        ".", "--json", "all.json", "--out", "report", "--people", "people.csv", *FAST,
        "--lang", "en", cwd=camps,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads((camps / "all.json").read_bytes())
    assert found["outcome"] == "groups"
    assert [group["size"] for group in found["groups"]] == [20, 20]
    people = csv.DictReader((camps / "people.csv").read_text().splitlines())
    odd = {person["group"] for person in people if int(person["participant"]) % 2}
    assert len(odd) == 1
    assert found["statements"][3]["dividing"]
    assert found["statements"][4]["shared"]
    assert found["statements"][4]["texts"]["ar"] == "الرأي رقم 4"
    pages = sorted(path.name for path in (camps / "report").iterdir())
    assert pages == ["analysis.json", "index.ar.html", "index.en.html", "index.html"]
    assert (camps / "report" / "analysis.json").read_bytes() == (camps / "all.json").read_bytes()
    index = (camps / "report" / "index.html").read_text()
    assert index == (camps / "report" / "index.en.html").read_text()
    assert "both groups agree" in done.stdout
    assert "report/index.html" in done.stdout


def test_a_report_is_replaced_by_the_next(camps: Path) -> None:
    for lang in ("en", "ar"):
        assert run(".", "--out", "report", "--lang", lang, "--quick", cwd=camps).returncode == 0
    index = (camps / "report" / "index.html").read_text()
    assert index == (camps / "report" / "index.ar.html").read_text()
    assert 'dir="rtl"' in index


def test_every_form_gives_the_same_document(tmp_path: Path) -> None:
    rows = two_camps(60, 14)
    text = long_csv(rows)
    write(
        tmp_path, {"v.csv": text, "shuffled.csv": HEAD + "".join(sorted(text.splitlines(True)[1:]))}
    )
    (tmp_path / "v.csv.gz").write_bytes(gzip.compress(text.encode()))
    columns = dict(zip(HEAD.strip().split(","), zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table({k: list(v) for k, v in columns.items()}), tmp_path / "v.parquet")
    names = ("v.csv", "v.csv.gz", "v.parquet", "shuffled.csv")
    first, *others = (without_files(document(tmp_path, name)) for name in names)
    for other in others:
        assert other == first


def test_two_runs_give_the_same_bytes(camps: Path) -> None:
    for name in ("a.json", "b.json"):
        assert run(".", "--json", name, *FAST, cwd=camps).returncode == 0
    assert (camps / "a.json").read_bytes() == (camps / "b.json").read_bytes()


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("1,1,1\n", "too_few_statements"),
        ("".join(f"1,{j},1\n" for j in range(9)), "too_few_participants"),
        ("".join(f"{i},1,{i % 2}\n" for i in range(30)), "too_few_statements"),
        ("".join(f"{i},{j},0\n" for i in range(30) for j in range(9)), "no_variation"),
        ("".join(f"{i},{i % 20},1\n" for i in range(60)), "too_few_participants"),
    ],
    ids=["one vote", "one person", "one statement", "all passes", "nobody above the threshold"],
)
@pytest.mark.parametrize("mode", ["default", "compat"])
def test_poor_conversations_have_honest_outcomes(
    votes: str, outcome: str, mode: str, tmp_path: Path
) -> None:
    write(tmp_path, {"v.csv": HEAD + votes})
    done = run("v.csv", "--mode", mode, "--json", "o.json", "--out", "r", *FAST, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "o.json").read_bytes())
    assert found["groups"] == [] or mode == "compat"
    if mode == "default":
        assert found["outcome"] == outcome
    assert b"NaN" not in (tmp_path / "o.json").read_bytes()


def test_language_of_messages(tmp_path: Path) -> None:
    write(tmp_path, {"v.csv": HEAD + "1,1,9\n"})
    english = run("v.csv", cwd=tmp_path, LANG="en_US.UTF-8").stderr
    assert english == run("v.csv", "--lang", "en", cwd=tmp_path, LANG="ar_PS.UTF-8").stderr
    arabic = run("v.csv", cwd=tmp_path, LANG="ar_PS.UTF-8").stderr
    assert arabic == run("v.csv", cwd=tmp_path, LANG="C").stderr
    assert arabic == run("v.csv", "--lang=ar", cwd=tmp_path).stderr


def test_neither_framework_nor_settings_are_needed(camps: Path) -> None:
    script = (
        "import sys\nfrom hiwar.analysis.command import main\n"
        "code = main(['.', '--out', 'report', '--quick', '--quiet'])\n"
        "assert not [m for m in sys.modules if m.partition('.')[0] in ('django', 'pandas')]\n"
        "sys.exit(code)\n"
    )
    environ = environment()
    assert not [name for name in environ if name.startswith("DJANGO")]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=camps, env=environ, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_wrong_call_is_refused(tmp_path: Path) -> None:
    for arguments in ((), ("x", "--mode", "best"), ("x", "--bootstrap", "-1"), ("x", "--what")):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_targets_are_looked_at_before_the_work(camps: Path) -> None:
    mine = write(camps / "mine", {"thesis.txt": "years of work"})
    done = run(".", "--out", "mine", cwd=camps)
    assert done.returncode == 2
    assert "thesis.txt" in done.stderr
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]
    assert run(".", "--json", "mine", cwd=camps).returncode == 2
    assert run(".", "--json", "nowhere/out.json", cwd=camps).returncode == 2


def test_document_goes_to_standard_output(camps: Path) -> None:
    done = run(".", "--json", "-", "--quick", cwd=camps)
    assert json.loads(done.stdout)["inputs"]["participants"] == 40


def test_a_reader_that_leaves_is_no_error(camps: Path) -> None:
    line = " ".join((*COMMAND, ".", "--json", "-", "--quick", "--quiet"))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line} | head -c 1"],
        cwd=camps, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")


def test_a_full_disk_is_explained(camps: Path) -> None:
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device, not a file of ours
        pytest.skip("/dev/full is absent")
    line = " ".join((*COMMAND, ".", "--json", "-", "--quick", "--quiet", "--lang", "en"))
    done = subprocess.run(
        ["bash", "-c", f"{line} > /dev/full"],
        cwd=camps, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.exhaustive("writing")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("after", ["Reading", "Drawing", "Weighing"])
def test_interrupted_work_leaves_nothing_half_written(
    name: signal.Signals, after: str, tmp_path: Path
) -> None:
    write(tmp_path, {"votes.csv": long_csv(two_camps(400, 40))})
    worker = subprocess.Popen(
        [sys.executable, "-m", "hiwar.analysis", "votes.csv", "--json", "o.json", "--out", "r"],
        cwd=tmp_path, env=environment(), text=True,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert worker.stderr is not None
    for line in worker.stderr:
        if line.startswith(after):
            break
    time.sleep(0.05)
    worker.send_signal(name)
    rest = worker.stderr.read()
    code = worker.wait()
    worker.stderr.close()
    assert "Traceback" not in rest
    left = {path.name for path in tmp_path.iterdir()} - {"votes.csv"}
    if name == signal.SIGKILL:
        left = {entry for entry in left if not entry.startswith(".")}
    elif code != 0:
        assert code == 130
    assert left <= {"o.json", "r"}
    if "o.json" in left:
        json.loads((tmp_path / "o.json").read_bytes())
    if "r" in left:
        assert len(list((tmp_path / "r").iterdir())) == 4


def test_sectors_hide_small_numbers(camps: Path) -> None:
    lines = [f"{p},{'CSO' if p < 22 else 'public' if p < 37 else 'media'}\n" for p in range(40)]
    shares = "attribute,category,share\nsector,CSO,40\nsector,public,50\nsector,media,10\n"
    write(camps, {"who.csv": "participant,sector\n" + "".join(lines), "t.csv": shares})
    found = document(camps, ".", "--attributes", "who.csv", "--weights", "t.csv")
    (sector,) = found["attributes"]
    people = {row["name"]: row["participants"] for row in sector["categories"]}
    assert people["media"] is None, "three people are too few to show"
    assert None in (people["CSO"], people["public"]), "and must not follow from the others"
    assert len(sector["tables"]["statements"]) == 12
    assert found["weights"]["method"] == "raking"
    assert 0 < found["weights"]["effective_sample_size"] < 40
    for statement in found["statements"]:
        assert sum(statement["weighted"].values()) == pytest.approx(1)


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "mode"), AGREEMENT)
def test_open_conversations_agree_with_what_was_published(
    name: str, mode: str, shared_data: Path, tmp_path: Path
) -> None:
    found = document(tmp_path, shared_data / "polis" / name, "--mode", mode, *OPEN[name])
    published = found["quality"]["published_groups"]
    assert published["adjusted_rand_index"] >= AGREEMENT[name, mode]
    sizes = sum(group["size"] for group in found["groups"])
    assert sizes == found["inputs"]["participants_in_map"]
    layers = found["map"]["cells"]["layers"]
    assert sizes == sum(layer["people"] for layer in layers if layer["group"] is not None)


def test_help_and_refusals_load_no_library_of_numbers() -> None:
    """Whoever asks for help or names a wrong file must not wait for half a second of imports."""
    script = (
        "import sys\nfrom hiwar.analysis.command import main\n"
        "code = main(['nowhere.csv', '--json', 'nowhere/out.json'])\n"
        "heavy = {'numpy', 'scipy', 'pyarrow', 'jinja2', 'orjson', 'openpyxl'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr


def test_second_map_is_drawn_on_request_and_intervals_stay_with_the_owner(camps: Path) -> None:
    done = run(
        ".", "--json", "all.json", "--out", "report", "--people", "people.csv", "--trait", *FAST,
        cwd=camps,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads((camps / "all.json").read_text())
    layers = document["map"]["cells_trait"]["layers"]
    assert all(cell["people"] >= 5 for layer in layers for cell in layer["cells"])
    assert document["map"]["trait_spread"] > 0
    assert "by what people voted alone" in (camps / "report/index.en.html").read_text()
    people = list(csv.DictReader((camps / "people.csv").read_text().splitlines()))
    inside = [person for person in people if person["in_map"] == "1"]
    assert inside
    for person in inside:
        low, at, high = (float(person[f"x_trait{end}"]) for end in ("_low", "", "_high"))
        assert low <= at <= high
