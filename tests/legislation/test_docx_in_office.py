"""LibreOffice opens our tracked changes: accepted they are the new text, rejected the old one.

It needs Debian's `libreoffice-writer-nogui`; `make test-exhaustive` runs it where that is there.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from engine.law.edits import OLD, WORDS, edited
from hiwar.engine.law.docx_writer import Signature, to_docx

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = Signature("حوار", "2027-07-04T09:00:00Z")
LIBRARY = '<!DOCTYPE library:{0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'
NAMES = 'xmlns:library="http://openoffice.org/2000/library"'
FILES = {
    "script.xlc": f"""<?xml version="1.0" encoding="UTF-8"?>
{LIBRARY.format("libraries", "libraries")}
<library:libraries {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/"
 xlink:type="simple" library:link="false"/></library:libraries>""",
    "Standard/script.xlb": f"""<?xml version="1.0" encoding="UTF-8"?>
{LIBRARY.format("library", "library")}
<library:library {NAMES} library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Changes"/></library:library>""",
    "Standard/Changes.xba": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Changes"
 script:language="StarBasic">
Sub Settle(folder As String, count As Integer)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim written(1) As New com.sun.star.beans.PropertyValue
  written(0).Name = "FilterName"
  written(0).Value = "Text (encoded)"
  written(1).Name = "FilterOptions"
  written(1).Value = "UTF8,LF"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  For number = 0 To count - 1
    For Each what In Array("Accept", "Reject")
      place = folder + "/" + CStr(number)
      document = StarDesktop.loadComponentFromURL(place + ".docx", "_blank", 0, hidden())
      frame = document.CurrentController.Frame
      order = ".uno:" + what + "AllTrackedChanges"
      dispatcher.executeDispatch(frame, order, "", 0, Array())
      document.storeToURL(place + "-" + what + ".txt", written())
      document.close(True)
    Next
  Next
End Sub
</script:module>""",
}  # fmt: skip


def pairs() -> list[tuple[list[str], list[str]]]:
    """Return old and new texts: every kind of change by hand, and forty at random."""
    cases = [
        (OLD, OLD),
        (OLD, [*OLD[1:], OLD[0]]),
        (OLD, [*OLD[1:], OLD[0].replace("ستين", "تسعين")]),
        (OLD, [OLD[0] + " وتضاف كلمات في آخرها", "فقرة مضافة كلها جديدة تماماً", *OLD[1:]]),
        (OLD, [OLD[0], OLD[1] + " " + OLD[2], OLD[3]]),
        (OLD, [*OLD[:3], *OLD[3].split("، ")]),
        (OLD, ["كل شيء جديد"]),
    ]
    for seed in range(40):
        chance = random.Random(seed)
        lines = [
            chance.choices(WORDS, k=chance.randint(1, 12)) for _ in range(chance.randint(1, 7))
        ]
        sides = [[" ".join(line) for line in side] for side in (lines, edited(lines, chance))]
        cases.append((sides[0], sides[1]))
    return cases


def without_end(lines: list[str]) -> list[str]:
    """Return paragraphs without the empty ones at the end, of which plain text does not tell."""
    return "\n".join(lines).rstrip("\n").split("\n")


@pytest.mark.exhaustive("office")
def test_libreoffice_accepts_and_rejects_each_paragraph_as_we_meant_it(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.xfail("Debian's libreoffice-writer-nogui is absent: nothing opens the documents")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    start = [office, "--headless", "--norestore", home]
    # A new profile is written first, and takes no macro from before.
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    for name, content in FILES.items():
        (tmp_path / "profile/user/basic" / name).write_text(content, "utf-8")
    cases = pairs()
    for number, (old, new) in enumerate(cases):
        (tmp_path / f"{number}.docx").write_bytes(to_docx(old, new, SIGNATURE))
    macro = f'macro:///Standard.Changes.Settle("{tmp_path.as_uri()}",{len(cases)})'
    subprocess.run([*start, macro], check=True, capture_output=True, timeout=300)
    wrong = {}
    for number, (old, new) in enumerate(cases):
        for what, wanted in (("Accept", new), ("Reject", old)):
            shown = (tmp_path / f"{number}-{what}.txt").read_text("utf-8-sig").split("\n")
            if without_end(shown) != without_end(wanted):
                wrong[f"{number} {what}"] = (shown, wanted)
    assert not wrong
