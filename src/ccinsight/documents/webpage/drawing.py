"""Where the parts of a chart stand: shapes of an SVG drawing for each kind of block that is one. Lengths in its units.

A drawing is as wide as a phone, so that its letters are legible there; beside another it is about as wide on a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDE, PLOT = 360.0, 130.0
_TOP, _BELOW = 8.0, 18.0
# About the width of a letter of the axes.
_LETTER = 6.2
# One month alone has no line to its neighbours: a dot as wide as the line.
_DOT = 2.2


@dataclass(frozen=True)
class Shape:
    """An element of a drawing: its name, its attributes and, of a text, what it says."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True)
class Drawing:
    """Shapes in order, and the size of what they stand on."""

    wide: str
    tall: str
    shapes: tuple[Shape, ...]


def columns(block: Mapping[str, Any]) -> Drawing:
    """Two rows of columns side by side over the same labels."""
    frame = _Frame.of(block)
    step = frame.wide / len(block["labels"])
    shapes = list(frame.shapes())
    for at, label in enumerate(block["labels"]):
        left = frame.left + step * at
        for line, name, start in zip(block["lines"], ("past", "now"), (0.12, 0.5), strict=True):
            value = line["values"][at]
            if value:
                shapes.append(
                    _rect(
                        left + step * start, frame.down(value), step * 0.36, PLOT * value / frame.most, name
                    )
                )
        shapes.append(_text(left + step / 2, _TOP + PLOT + 14, label, "middle"))
    return _drawing(shapes)


def lines(block: Mapping[str, Any]) -> Drawing:
    """Up to three lines over the same months; a gap where a value is unknown."""
    frame = _Frame.of(block)
    labels = block["labels"]
    step = frame.wide / max(1, len(labels) - 1)
    shapes = list(frame.shapes())
    for each in block["lines"]:
        for run in _runs(each["values"]):
            points = [(frame.left + step * at, frame.down(value)) for at, value in run]
            shapes.append(_path(points, f"line-{each['style']}"))
    last = len(labels) - 1
    named = (
        [(0, "start"), (last, "end")] if last < 6 else [(0, "start"), (last // 2, "middle"), (last, "end")]
    )
    for at, side in named:
        shapes.append(_text(frame.left + step * at, _TOP + PLOT + 14, labels[at], side))
    return _drawing(shapes)


def column_samples(block: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names of the two rows of columns, each with the class of its sample in the legend."""
    past, now = block["lines"]
    return [(past["name"], "past"), (now["name"], "now")]


def line_samples(block: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names of the lines, each with the class of its sample in the legend."""
    return [(line["name"], f"dash-{line['style']}") for line in block["lines"]]


def bars(row: Mapping[str, Any], most: int) -> Drawing:
    """The bars of one name, now above before, as long as the largest number of all allows."""
    shapes = [
        _rect(0, top, 100 * row[name] / most, tall, kind)
        for name, kind, top, tall in (("now", "now", 1.0, 6.0), ("before", "past", 8.5, 3.5))
        if row[name]
    ]
    return Drawing("100", "13", tuple(shapes))


def time_line(block: Mapping[str, Any]) -> Drawing:
    """The dates of a period on a line, each joined to its place in the list below."""
    marks = block["marks"]
    wide, step = 1000.0, 1000.0 / len(marks)
    shapes = [_rect(0, 11, wide, 2, "rule")]
    for at, mark in enumerate(marks):
        # half a dot from the ends, so that none is cut
        dot = 7 + (wide - 14) * mark["place"]
        shapes.append(_path([(dot, 18), (step * (at + 0.5), 46)], "join"))
        shapes.append(
            Shape(
                "circle",
                {
                    "cx": _n(dot),
                    "cy": "12",
                    "r": "7" if mark["is_today"] else "5",
                    "class": "today" if mark["is_today"] else "ink",
                },
            )
        )
    return Drawing(_n(wide), "48", tuple(shapes))


def strip(share: float | None) -> Drawing:
    """Where a value lies between the lowest and the highest: a line, its middle and a mark."""
    shapes = [_rect(0, 6.2, 100, 1.6, "rule"), _rect(49.4, 1, 1.2, 12, "rule")]
    if share is not None:
        shapes.append(Shape("circle", {"cx": _n(4.5 + 91 * share), "cy": "7", "r": "4.5", "class": "now"}))
    return Drawing("100", "14", tuple(shapes))


@dataclass(frozen=True)
class _Frame:
    """An axis on the left with its ticks, and the width that is left for what is drawn."""

    ticks: Sequence[Mapping[str, Any]]
    left: float

    @classmethod
    def of(cls, block: Mapping[str, Any]) -> _Frame:
        longest = max(len(tick["text"]) for tick in block["ticks"])
        return cls(block["ticks"], longest * _LETTER + 6)

    @property
    def wide(self) -> float:
        return WIDE - self.left - 4

    @property
    def most(self) -> float:
        return float(self.ticks[-1]["at"])

    def down(self, value: float) -> float:
        return _TOP + PLOT * (1 - value / self.most)

    def shapes(self) -> Iterator[Shape]:
        for tick in self.ticks:
            down = self.down(tick["at"])
            name = "rule" if tick["at"] else "axis"
            yield _path([(self.left, down), (WIDE - 4, down)], name)
            yield _text(self.left - 6, down + 4, tick["text"], "end")


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The stretches of known values, each with its place."""
    run: list[tuple[int, float]] = []
    for at, value in enumerate([*values, None]):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []


def _path(points: Sequence[tuple[float, float]], name: str) -> Shape:
    if len(points) == 1:
        ((x, y),) = points
        return Shape("circle", {"cx": _n(x), "cy": _n(y), "r": _n(_DOT), "class": f"dot {name}"})
    said = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return Shape("polyline", {"points": said, "class": name})


def _rect(x: float, y: float, wide: float, tall: float, name: str) -> Shape:
    return Shape("rect", {"x": _n(x), "y": _n(y), "width": _n(wide), "height": _n(tall), "class": name})


def _text(x: float, y: float, said: str, anchor: str) -> Shape:
    return Shape("text", {"x": _n(x), "y": _n(y), "text-anchor": anchor}, said)


def _drawing(shapes: Sequence[Shape]) -> Drawing:
    return Drawing(_n(WIDE), _n(_TOP + PLOT + _BELOW), tuple(shapes))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
