"""Opinion groups as the page shows them: letter, shape, colour, size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.analysis.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations

SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True)
class Group:
    """A group's place in the order of the page and how it is told apart."""

    key: str
    index: int
    letter: str
    name: str
    shape: str
    shape_name: str
    size: int
    share: float
    centre: tuple[float, float] | None

    @property
    def anchor(self) -> str:
        """Return the address of the group's own words on the page."""
        return f"group-{self.index + 1}"

    @property
    def colour(self) -> str:
        """Return the class that carries colour and hatching."""
        return f"g{self.index % len(SHAPES)}"


def read_groups(t: NullTranslations, lang: str, document: Mapping[str, Any]) -> list[Group]:
    """Return the document's groups in its order."""
    shape_names = {
        "circle": t.gettext("circles"),
        "square": t.gettext("squares"),
        "triangle": t.gettext("triangles"),
        "diamond": t.gettext("diamonds"),
        "cross": t.gettext("crosses"),
    }
    total = sum(group["size"] for group in document["groups"]) or 1
    groups = []
    for index, group in enumerate(document["groups"]):
        letter = words.letter(lang, index)
        shape = SHAPES[index % len(SHAPES)]
        groups.append(
            Group(
                key=str(group["id"]),
                index=index,
                letter=letter,
                name=t.gettext("Group %(letter)s") % {"letter": letter},
                shape=shape,
                shape_name=shape_names[shape],
                size=group["size"],
                share=group["size"] / total,
                centre=None
                if None in group["centre"]
                else (float(group["centre"][0]), float(group["centre"][1])),
            )
        )
    return groups
