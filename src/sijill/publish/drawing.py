"""How each kind of chart is drawn on a canvas."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from sijill.publish.agreement import figures
from sijill.publish.canvas import Canvas, style, ticks
from sijill.publish.charts import ChartSpec
from sijill.publish.names import PUBLISH

TOP, SIDE, FOOT = 44, 16, 40
Point = tuple[float, float]


def drawn(spec: ChartSpec, width: int) -> str:
    """The chart as SVG."""
    return _KINDS[spec.kind](spec, width).svg(spec.title.of(spec.lang))


def _sheet(spec: ChartSpec, width: int, height: int) -> Canvas:
    """A canvas with the chart's title and note."""
    note = spec.note.of(spec.lang) if spec.note else ""
    canvas = Canvas(width, height + (22 if note else 0), mirror=spec.direction == "rtl")
    canvas.text(SIDE, 24, spec.title.of(spec.lang), size=16, bold=True)
    if note:
        canvas.text(SIDE, height + 12, note, size=11, colour=style().muted)
    return canvas


def _number(spec: ChartSpec, value: float) -> str:
    """A number as the chart's reader writes it."""
    whole = int(value) if value == int(value) else round(value, 1)
    return figures(whole, spec.lang, spec.digits)


def _name(spec: ChartSpec, at: int) -> str:
    """The name of a category."""
    return spec.names[at].of(spec.lang) if spec.names else spec.categories[at]


def bar(spec: ChartSpec, width: int) -> Canvas:
    """Bars that lie, one below the other, so that long names have room."""
    row = 24 * len(spec.series) + 8
    top = TOP + (20 if len(spec.series) > 1 else 0)
    canvas = _sheet(spec, width, top + row * len(spec.categories) + 12)
    start = SIDE + min(
        220, 14 + 8 * max((len(_name(spec, at)) for at in range(len(spec.categories))), default=5)
    )
    most = max((value or 0 for series in spec.series for value in series.values), default=0) or 1
    room = width - start - 70
    _legend(canvas, spec)
    for at in range(len(spec.categories)):
        y = top + row * at
        canvas.text(start - 10, y + row / 2 + 2, _name(spec, at), anchor="end")
        for number, series in enumerate(spec.series):
            value, line = series.values[at], y + 24 * number + 2
            if value is None:
                canvas.text(
                    start + 4, line + 15, style().none_told.of(spec.lang), size=11, colour=style().muted
                )
                continue
            long = room * value / most
            canvas.box(start, line, max(long, 1), 18, style().palette[number % 7], _name(spec, at))
            canvas.text(start + long + 6, line + 14, _number(spec, value))
    return canvas


def _legend(canvas: Canvas, spec: ChartSpec) -> None:
    """The names of the series, where there are several."""
    if len(spec.series) < 2:
        return
    x = float(SIDE)
    for number, series in enumerate(spec.series):
        said = series.label.of(spec.lang)
        canvas.box(x, 34, 12, 12, style().palette[number % 7])
        canvas.text(x + 18, 45, said, size=12)
        x += 40 + 7.5 * len(said)


def _axes(canvas: Canvas, spec: ChartSpec, box: tuple[float, float, float, float], most: float) -> float:
    """Horizontal grid lines with their numbers; the value at the upper end."""
    left, top, right, bottom = box
    steps = ticks(most)
    for value in steps:
        y = bottom - (bottom - top) * value / steps[-1]
        canvas.line(left, y, right, y, style().grid)
        canvas.text(left - 8, y + 4, _number(spec, value), anchor="end", size=11, colour=style().muted)
    canvas.text(left, top - 8, spec.unit.of(spec.lang), size=11, colour=style().muted)
    return steps[-1]


def line(spec: ChartSpec, width: int) -> Canvas:
    """Lines over time; a gap where nothing is told."""
    height = 280
    canvas = _sheet(spec, width, height)
    box = (SIDE + 40.0, TOP + 34.0, width - SIDE - 10.0, height - FOOT - 4.0)
    left, top, right, bottom = box
    _legend(canvas, spec)
    most = max((value or 0 for series in spec.series for value in series.values), default=0)
    upper = _axes(canvas, spec, box, most)
    count = len(spec.categories)
    step = (right - left) / max(count - 1, 1)
    every = max(1, math.ceil(count / 8))
    for at in range(0, count, every):
        canvas.text(left + step * at, bottom + 18, _name(spec, at), anchor="middle", size=11)
    for number, series in enumerate(spec.series):
        run: list[Point] = []
        for at, value in enumerate([*series.values, None]):
            if value is not None:
                run.append((left + step * at, bottom - (bottom - top) * value / upper))
            elif run:
                colour = style().palette[number % 7]
                if len(run) > 1:
                    canvas.path(run, colour)
                for x, y in run:
                    canvas.dot(x, y, 2.5, colour)
                run = []
    return canvas


def toll_history(spec: ChartSpec, width: int) -> Canvas:
    """How a toll changed: for each figure its range as a bar, its best as a dot, who told it."""
    height = TOP + 40 + 30 * len(spec.steps)
    canvas = _sheet(spec, width, height)
    values = [value for step in spec.steps for value in (step.low, step.best, step.high) if value is not None]
    start, room = SIDE + 250, width - SIDE - 300
    upper = ticks(max(values, default=1))[-1]
    canvas.text(start, TOP + 14, spec.unit.of(spec.lang), size=11, colour=style().muted)
    for at, step in enumerate(spec.steps):
        y = TOP + 36 + 30 * at
        canvas.text(SIDE, y + 5, _digits(spec, step.day), size=12, colour=style().muted)
        canvas.text(SIDE + 90, y + 5, step.label.of(spec.lang), size=12)
        canvas.line(start, y, start + room, y, style().grid)
        low, high = step.low, step.high
        first = start + room * (low or 0) / upper
        last = start + room * (high if high is not None else step.best or low or 0) / upper
        canvas.line(first, y, max(last, first + 1), y, style().palette[4], 7)
        best = step.best if step.best is not None else low
        if best is not None:
            x = start + room * best / upper
            canvas.dot(x, y, 5, style().palette[0])
            canvas.text(max(x, last) + 12, y + 5, _number(spec, best), size=12)
    return canvas


def _digits(spec: ChartSpec, text: str) -> str:
    """Text with the digits of the chart's reader."""
    from sijill.publish.agreement import in_digits

    return in_digits(text, spec.digits) if spec.lang == "ar" else text


def timeline(spec: ChartSpec, width: int) -> Canvas:
    """Events on a line of days; the larger the number, the larger the dot."""
    lanes = 3
    height = TOP + 62 + 40 * lanes
    canvas = _sheet(spec, width, height)
    days = [date.fromisoformat(step.day) for step in spec.steps]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)
    left, right, base = SIDE + 40.0, width - SIDE - 40.0, height - 42.0
    canvas.line(left, base, right, base, style().muted, 1.5)
    most = max((step.best or 0 for step in spec.steps), default=1) or 1
    for at, (step, day) in enumerate(zip(spec.steps, days, strict=True)):
        x = left + (right - left) * (day - first).days / span
        y = base - 34 - 40 * (at % lanes)
        canvas.line(x, base, x, y, style().grid)
        canvas.dot(x, base, 4 + 8 * math.sqrt((step.best or 0) / most), style().palette[1])
        anchor = "end" if x > width * 0.66 else "start"
        canvas.text(x, y - 4, step.label.of(spec.lang), size=12, anchor=anchor)  # type: ignore[arg-type]
    for day, anchor in ((first, "start"), (last, "end")):
        x = left if anchor == "start" else right
        canvas.text(
            x, base + 30, _digits(spec, day.isoformat()), size=11, anchor="middle", colour=style().muted
        )
    return canvas


@lru_cache(maxsize=1)
def governorates() -> dict[str, tuple[str, list[list[Point]]]]:
    """Country and rings (longitude, latitude) of every governorate that has a shape."""
    told = json.loads((PUBLISH / "governorates.json").read_text(encoding="utf-8"))
    return {
        feature["id"]: (
            feature["properties"]["country"],
            [[(x, y) for x, y in ring] for polygon in feature["geometry"]["coordinates"] for ring in polygon],
        )
        for feature in told["features"]
    }


def choropleth(spec: ChartSpec, width: int) -> Canvas:
    """Governorates coloured by a number: one hue from light to dark, grey where nothing is told."""
    shapes = governorates()
    countries = {shapes[code][0] for code in spec.categories if code in shapes} or {"SY"}
    values = dict(zip(spec.categories, spec.series[0].values, strict=True))
    names = {code: _name(spec, at) for at, code in enumerate(spec.categories)}
    chosen = {code: rings for code, (country, rings) in shapes.items() if country in countries}
    place, height = _projection(
        [point for rings in chosen.values() for ring in rings for point in ring], width
    )
    canvas = _sheet(spec, width, round(height) + TOP + 40)
    most = max((value or 0 for value in values.values()), default=0)
    for code, rings in chosen.items():
        value = values.get(code)
        said = style().none_told.of(spec.lang) if value is None else _number(spec, value)
        canvas.shape([[place(x, y) for x, y in ring] for ring in rings], _shade(value, most),
                     f"{names.get(code, code)}: {said}")  # fmt: skip
    for code, value in values.items():
        if value and code in chosen:
            x, y = place(*_middle(max(chosen[code], key=len)))
            dark = value > most * 0.45
            canvas.text(
                canvas.width - x if canvas.mirror else x, y + 4, _number(spec, value), anchor="middle",
                size=12, bold=True, colour="#FFFFFF" if dark else style().ink,
            )  # fmt: skip
    _scale(canvas, spec, most, height + TOP + 10)
    return canvas


def _projection(points: list[Point], width: int) -> tuple[Callable[[float, float], Point], float]:
    """Where a place lies on the sheet (equirectangular about its middle), and the map's height."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
    wide, high = (max(xs) - min(xs)) * squeeze, max(ys) - min(ys)
    factor = min((width - 2 * SIDE) / wide, 420 / high)
    left = (width - wide * factor) / 2

    def place(x: float, y: float) -> Point:
        return left + (x - min(xs)) * squeeze * factor, TOP + (max(ys) - y) * factor

    return place, high * factor


def _middle(ring: list[Point]) -> Point:
    """The centroid of a ring."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (x / (3 * area), y / (3 * area)) if area else ring[0]


def _shade(value: float | None, most: float) -> str:
    """The colour of a number."""
    if value is None:
        return style().empty
    scale = style().scale
    return scale[0] if not value else scale[1 + min(int(value / most * (len(scale) - 1)), len(scale) - 2)]


def _scale(canvas: Canvas, spec: ChartSpec, most: float, y: float) -> None:
    """The key to the colours."""
    scale = style().scale[1:]
    for at, colour in enumerate(scale):
        canvas.box(SIDE + 26 * at, y, 26, 12, colour)
    canvas.text(SIDE, y + 26, _number(spec, 1 if most else 0), size=11, colour=style().muted)
    end = SIDE + 26 * len(scale)
    canvas.text(end, y + 26, _number(spec, most), size=11, anchor="end", colour=style().muted)
    canvas.text(end + 10, y + 11, spec.unit.of(spec.lang), size=11, colour=style().muted)


_KINDS: dict[str, Callable[[ChartSpec, int], Canvas]] = {
    "bar": bar,
    "line": line,
    "toll-history": toll_history,
    "map": choropleth,
    "timeline": timeline,
}
