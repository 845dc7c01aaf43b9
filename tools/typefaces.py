"""Make the core typefaces of the site: the everyday letters of one script, as light as they go.

Run as ``python tools/typefaces.py [FOLDER]`` after the whole families were changed. Amiri joins
letters in some thousand drawn ways; a heading needs those that a reader would miss, which are
named below by what they cost and how often the words of the catalogue ask for them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

FONTS = Path(__file__).resolve().parents[1] / "src/hiwar/common/static/common/fonts"
UNITS = 400  # per em: a fourth of a pixel of a telephone in the largest heading

ARABIC = [*range(0x0621, 0x063B), *range(0x0640, 0x0653), *range(0x0660, 0x066D)]
SIGNS = [0x20, 0x21, 0x22, 0x25, *range(0x28, 0x2A), *range(0x2C, 0x3B), 0x3F, 0xAB, 0xBB, 0x2013,
         0x2026]  # fmt: skip
ARABIC_SIGNS = [0x060C, 0x061B, 0x061F, *range(0x200C, 0x2010)]
# A heading has no joiner and no mark of direction; the whole family has them.
NASKH = sorted({*ARABIC, *SIGNS, 0x060C, 0x061B, 0x061F, 0x200D})
SANS = sorted({*range(0x20, 0x41), 0x5B, 0x5D, 0xA0, 0xAB, 0xB7, 0xBB, *ARABIC, *ARABIC_SIGNS,
               0x2013, 0x2014, 0x2026})  # fmt: skip
LATIN = sorted({*range(0x20, 0x7F), 0xA0, 0xAB, 0xB7, 0xBB, 0x2010, *range(0x2013, 0x2015),
                *range(0x2018, 0x201A), *range(0x201C, 0x201E), 0x2026})  # fmt: skip

# Of the lookups of Amiri's `rlig` those kept, and of the one with all pairs its kept subtables:
# lam with alef, what ends in yeh, reh, meem and heh, hah and jeem, marks in their places.
JOINS = {49, 50, 57, 59, 73, 75, 140, 163, 172, 174, 175, 182}
PAIRS_LOOKUP = 140
PAIRS = {7, 8, 9, 16, 18, 20, 21, 26, 29, 41, 48, 49, 50, 53}

ARABIC_FEATURES = ["calt", "ccmp", "fina", "init", "kern", "mark", "medi", "mkmk", "rlig"]


def few_joins(font: TTFont) -> None:
    """Leave of the joins of Amiri those that are kept."""
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "rlig":
            kept = [at for at in record.Feature.LookupListIndex if at in JOINS]
            record.Feature.LookupListIndex, record.Feature.LookupCount = kept, len(kept)
    pairs = table.LookupList.Lookup[PAIRS_LOOKUP]
    pairs.SubTable = [part for at, part in enumerate(pairs.SubTable) if at in PAIRS]
    pairs.SubTableCount = len(pairs.SubTable)


def lightened(font: TTFont, letters: list[int], features: list[str], name: str) -> bytes:
    """Return a font with these letters and features alone, under the name of its family."""
    options = subset.Options(
        hinting=False, layout_features=features, name_IDs=[1, 3, 4, 6], drop_tables=["gasp", "STAT"]
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    scale_upem(font, UNITS)
    for record in font["name"].names:
        record.string = name.replace(" ", "") if record.nameID == 6 else name
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


def merged(*files: Path) -> TTFont:
    """Return the letters of several files in one font; the first has the say."""
    with TemporaryDirectory() as folder:
        plain = []
        for at, file in enumerate(files):
            font = TTFont(file)
            font.flavor = None
            letters = SANS if at == 0 else [each for each in SANS if each < 0x100 or each > 0x2012]
            if at:
                known = TTFont(files[0]).getBestCmap()
                letters = [each for each in letters if each not in known]
            cutter = subset.Subsetter(
                subset.Options(
                    hinting=False,
                    drop_tables=["STAT", "gasp"],
                    layout_features=ARABIC_FEATURES if at == 0 else [],
                )
            )
            cutter.populate(unicodes=letters)
            cutter.subset(font)
            path = Path(folder) / f"{at}.ttf"
            font.save(path)
            plain.append(str(path))
        return Merger().merge(plain)


def main(folder: Path) -> None:
    """Write the core typefaces into ``folder`` and say what each weighs."""
    made: dict[str, bytes] = {}
    for weight, source in ((400, "amiri-regular.ttf"), (700, "amiri-bold.ttf")):
        font = TTFont(FONTS / source)
        few_joins(font)
        features = [each for each in ARABIC_FEATURES if each not in {"calt", "kern"}]
        made[f"hiwar-naskh-arabic-core-{weight}"] = lightened(
            font, NASKH, features, "Hiwar Naskh Core"
        )
    for weight in (400, 600):
        font = merged(
            FONTS / f"hiwar-sans-arabic-{weight}.woff2", FONTS / f"hiwar-sans-latin-{weight}.woff2"
        )
        made[f"hiwar-sans-arabic-core-{weight}"] = lightened(
            font, SANS, [each for each in ARABIC_FEATURES if each != "calt"], "Hiwar Sans Core"
        )
        made[f"hiwar-serif-latin-core-{weight}"] = lightened(
            TTFont(FONTS / f"hiwar-serif-latin-{weight}.woff2"), LATIN,
            ["kern", "liga", "lnum", "tnum"], "Hiwar Serif Core",
        )  # fmt: skip
    for name, data in sorted(made.items()):
        (folder / f"{name}.woff2").write_bytes(data)
        print(f"{name} {len(data)}")  # noqa: T201 - a command says what it did


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FONTS)
