"""Write the words of the models, as the glossary has them, where an export of the house looks."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "docs/glossary.md"
NOUNS = ROOT / "src/hiwar/common/moving/nouns.json"
MODEL = re.compile(r"`(\w+\.\w+)`")


def nouns(text: str) -> dict[str, list[str]]:
    """Return the Arabic word, the English word and the meaning of each model of a glossary."""
    words: dict[str, list[str]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4:
            for model in MODEL.findall(cells[2]):
                words[model] = [cells[0], cells[1], cells[3].replace("`", "")]
    return dict(sorted(words.items()))


if __name__ == "__main__":
    lines = [
        f" {json.dumps(model)}: {json.dumps(words, ensure_ascii=False)}"
        for model, words in nouns(GLOSSARY.read_text("utf-8")).items()
    ]
    NOUNS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
