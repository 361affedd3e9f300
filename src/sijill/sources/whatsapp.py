"""WhatsApp exports: one .txt, in any of the forms that phones of different languages write.

    [19/04/2024, 8:30:15 AM] Name: words          19/04/2024, 20:30 - Name: words

in Latin or Arabic digits, with marks of direction anywhere. A line without a date continues the
message before. Whether days or months stand first is judged from the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

import yaml

from sijill.arabic.fold import fold_words
from sijill.errors import InputError
from sijill.lexicon.load import DATA
from sijill.sources.chat import Message, origin_of, to_documents
from sijill.sources.document import Document
from sijill.sources.pseudonyms import Pseudonyms
from sijill.sources.source import Notice

_MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
_SPACE = "[ \u00a0\u202f]"
_LINE = re.compile(
    rf"\[?(?P<a>\d{{1,4}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<c>\d{{1,4}})[,\u060c]?{_SPACE}+"
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?{_SPACE}*"
    rf"(?P<half>[^\W\d_][^\d\]:\-\u2013\n]{{0,8}}?)?{_SPACE}*(?:\]|[-\u2013])[ \u00a0]+(?P<rest>.*)",
    re.DOTALL,
)  # fmt: skip
_SENDER = re.compile(r"(?P<sender>[^:\n]{1,100}?): (?P<text>.*)", re.DOTALL)
_NEEDED = 2
ORDERS = {"dmy": ("c", "b", "a"), "mdy": ("c", "a", "b"), "ymd": ("a", "b", "c")}


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the data file: empty messages, marks of an edit, of a file, of the half of the day."""

    empty: frozenset[str]
    edited: tuple[str, ...]
    attached: tuple[str, ...]
    halves: dict[str, int]


@lru_cache(maxsize=1)
def _data() -> Words:
    rows = yaml.safe_load((DATA / "chats.yaml").read_text(encoding="utf-8"))
    halves = {_bare(word): hours for key, hours in (("am", 0), ("pm", 12)) for word in rows[key]}
    return Words(
        frozenset(fold_words(line) for line in rows["whatsapp_empty"]), tuple(rows["whatsapp_edited"]),
        tuple(rows["whatsapp_attached"]), halves,
    )  # fmt: skip


def is_export(head: str) -> bool:
    """Does a text open like an export? Two of its first lines must be those of a chat."""
    lines = [line for line in head.splitlines() if line.strip()][:40]
    starts = [found for line in lines if (found := _start(line))]
    return len(starts) >= _NEEDED and starts[0].string == _level(lines[0])


def read(
    text: str, path: str, names: Pseudonyms, *, source: str | None, notice: Notice
) -> Iterator[Document | InputError]:
    """The messages of an export."""
    found = list(_blocks(text))
    order = _order([match for match, _ in found])
    if order is None:
        order = "dmy"
        notice(f"{path}: nothing tells whether days or months stand first; days are taken to")
    messages: list[Message] = []
    for number, (match, body) in enumerate(found, 1):
        at = _time(match, order)
        if at is None:
            yield InputError(f"{path}:message {number}", "has a date that cannot be", "export the chat again")
        elif (message := _message(number, at, body)) is not None:
            messages.append(message)
    people = {split["sender"].strip() for _, body in found if (split := _SENDER.match(body))}
    yield from to_documents(
        messages, chat=_chat_name(path), origin=origin_of(path, names), source=source, names=names,
        people=sorted(people),
    )  # fmt: skip


def _chat_name(path: str) -> str | None:
    """The name of the chat as the file is named after it: what stands behind 'with' or 'WhatsApp Chat -'."""
    stem = path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    found = re.search(r"(?:\bwith|\b\u0645\u0639|WhatsApp Chat -)\s+(.+)$", stem)
    return found[1].strip() if found else None


def _level(line: str) -> str:
    """A line without marks of direction, its digits Latin up to the sender."""
    plain = re.sub(f"[{_MARKS}]", "", line)
    head, rest = plain[:60], plain[60:]
    return "".join(c if c.isascii() or not c.isdecimal() else str(int(c)) for c in head) + rest


def _start(line: str) -> re.Match[str] | None:
    """The beginning of a message, if the line is one."""
    match = _LINE.match(_level(line))
    if match is None:
        return None
    half = match["half"]
    return match if half is None or _bare(half) in _data().halves else None


def _bare(word: str) -> str:
    """A word for half a day, without dots and blanks."""
    return re.sub(r"[\s.\u00a0\u202f]", "", fold_words(word))


def _blocks(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each message: the match of its first line, and all that it says behind the date."""
    current: re.Match[str] | None = None
    body: list[str] = []
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if (match := _start(line)) is not None:
            if current is not None:
                yield current, "\n".join(body)
            current, body = match, [_rest(line, match)]
        elif current is not None:
            body.append(line)
    if current is not None:
        yield current, "\n".join(body)


def _rest(line: str, match: re.Match[str]) -> str:
    """What stands behind the date, with the digits as they were written."""
    plain = re.sub(f"[{_MARKS}]", "", line)
    rest = plain[match.start("rest") :]
    if ": \u200e" in line:  # so a phone marks its own words: what was attached, what happened
        return rest.partition(": ")[0] + ": "
    return rest


def _message(number: int, at: str, body: str) -> Message | None:
    """The message; None for what happened to the group, and for what has no words."""
    split = _SENDER.match(body)
    if split is None:
        return None
    words, text = _data(), split["text"].strip()
    for mark in words.edited:
        text = text.removesuffix(mark).rstrip()
    lines = [line for line in text.split("\n") if not any(mark in line for mark in words.attached)]
    text = "\n".join(lines).strip()
    if fold_words(text) in words.empty:
        return None
    return Message(id=str(number), at=at, sender=split["sender"].strip(), text=text)


def _order(matches: list[re.Match[str]]) -> str | None:
    """The order of day, month and year under which every date can be and time runs on; None if several do."""
    able = {
        order: times
        for order in ORDERS
        if (times := [_time(match, order) for match in matches]) and all(time is not None for time in times)
    }
    back = {order: sum(b < a for a, b in pairwise(times) if a and b) for order, times in able.items()}
    best = sorted(back, key=lambda order: (back[order], list(ORDERS).index(order)))
    if not best:  # some date cannot be under any order: the one that fits most
        most = {order: sum(_time(match, order) is not None for match in matches) for order in ORDERS}
        return max(most, key=lambda order: most[order])
    if len(best) > 1 and back[best[0]] == back[best[1]] and able[best[0]] != able[best[1]]:
        return None
    return best[0]


def _time(match: re.Match[str], order: str) -> str | None:
    """The ISO time of a line; None where no such time exists."""
    year, month, day = (int(match[part]) for part in ORDERS[order])
    if (len(match["a"]) == 4) != (order == "ymd"):
        return None  # a year of two digits never stands first
    if year < 100:
        year += 2000
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + _data().halves[_bare(match["half"])]
    try:
        time = datetime(year, month, day, hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    return time.isoformat() if time.year >= 2000 else None
