"""What the rules saw in a report, sentence by sentence: the steps of an explanation."""

from __future__ import annotations

from sijill.reading.reader import Step
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tolls import Toll, TollParser

_SMALL = "x,:()-ifu"
"""Letters of units that explain nothing."""


def steps(scene: Scene, tolls: TollParser) -> list[Step]:
    """One step for each sentence that holds anything, with what was recognised and counted in it."""
    out = []
    for sentence in scene.sentences:
        parts = [
            Step(_rule(unit), scene.field, *scene.text.span(unit.start, unit.end), _value(unit))
            for unit in sentence.units
            if unit.letter not in _SMALL and (unit.entries or unit.count or unit.date)
        ]
        parts += [_figure(toll, scene, sentence) for toll in tolls.read(sentence)]
        if parts:
            start, end = scene.text.span(sentence.first, sentence.last)
            out.append(Step("sentence", scene.field, start, end, "", tuple(parts)))
    return out


def _figure(toll: Toll, scene: Scene, sentence: Sentence) -> Step:
    units = sentence.units
    last = units[min(toll.last, len(units)) - 1]
    start, end = scene.text.span(units[toll.first].start, last.end)
    group = toll.group.code or toll.group.hint or "?"
    part = " part" if toll.part else ""
    value = f"{toll.outcome} {group} {toll.group.low}-{toll.group.high}{part}"
    return Step(f"figure: {toll.rule}", scene.field, start, end, value)


def _rule(unit: Unit) -> str:
    if unit.date:
        return f"date: {unit.date.rule}"
    if unit.count:
        return "count"
    return unit.entries[0].kind if unit.entries else "cue"


def _value(unit: Unit) -> str:
    if unit.date:
        return str(unit.date.edtf or unit.date.time)
    if unit.count:
        return f"{unit.count.low}-{unit.count.high}"
    return ", ".join(dict.fromkeys(entry.code for entry in unit.entries))


__all__ = ["steps"]
