"""Keyed pseudonyms for people in chats and mail: numbers, handles, addresses, senders' names.

A pseudonym is `[kind:xxxxxxxxxxxx]`, twelve hexadecimal digits of HMAC-SHA-256 over the levelled
value. With one key the same person has the same pseudonym everywhere; without the key nobody can tell
whether a number is behind it, not even by trying all numbers there are. The key lies in a file of its
own, outside of the register, and is made at first use.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from sijill.arabic.fold import fold, fold_words
from sijill.errors import UsageError

_MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\u200b"
_GAP = rf"(?:[^\S\n]|[().\-/_*\u00a0\u2010-\u2015{_MARKS}])"
_YEAR = r"(?:19|20)\d\d"
_SKIPPED = (
    rf"(?<!\d){_YEAR}-[01]?\d-[0-3]?\d(?:[T ]\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?(?![\d-])",  # 2024-04-19 08:30
    rf"(?<![\d/.\-])[0-3]?\d(?P<joint>[/.\- ])[0-3]?\d(?P=joint){_YEAR}(?![/.\-]?\d)",  # 19/4/2024
    r"(?<![\d/])[0-3]?\d/[0-3]?\d/\d\d(?![/.\-]?\d)",  # 19/4/24
    r"(?<![\d.])(?:1[0-8]\d|\d{1,2})\.\d{3,15}(?![\d.])",  # degrees
    r"(?<![\d,])\d{1,3}(?:[,\u066c]\d{3})+(?!\d)",  # thousands
    rf"(?<!\d){_YEAR}(?:{_GAP}+{_YEAR})+(?!{_GAP}*\d)",  # years
)
"""Digits that are no number to call."""
_MAIL = r"[\w.+%\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+"
_PROFILE = (
    r"(?:https?://)?(?:[\w\-]+\.)*(?:t\.me|telegram\.me|telegram\.dog|wa\.me|chat\.whatsapp\.com|api\.whatsapp\.com"
    r"|signal\.me|facebook\.com|fb\.com|fb\.me|m\.me|twitter\.com|x\.com|instagram\.com|tiktok\.com"
    r"|snapchat\.com|vk\.com)/[^\s<>\"')\]]+|tg://[^\s<>\"')\]]+"
)
_HANDLE = r"@[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,62}[A-Za-z0-9_])"
_PHONE = rf"(?<!\d)(?:\+{_GAP}*)?\(?\d(?:{_GAP}{{0,3}}\d){{6,}}"
_PRIVATE = re.compile(
    rf"(?P<skip>{'|'.join(_SKIPPED)})|(?P<mail>{_MAIL})|(?P<link>{_PROFILE})|(?P<handle>{_HANDLE})"
    rf"|(?P<phone>{_PHONE})"
)
_NEXT = re.compile(r"(?=\+)|(?<![\d+])(?=\(?0)")
_CLITICS = "\u0648\u0641\u0628\u0644\u0643"
_MOST_CLITICS = 2
_WORD = re.compile(r"\w+")
_SHORT_NUMBER = re.compile(r"\d{3}[-\s]\d{4}")
_MOST_DIGITS = 15
_DIGITS = 12
_SHORT = 3


def key_from(path: Path) -> bytes:
    """The key of a file; a new one is made where there is none. UsageError where it cannot be used."""
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError:
        return _new_key(path)
    except OSError as error:
        raise UsageError(f"{path}: the key cannot be read ({error.strerror}); set SIJILL_KEY") from None
    if len(key) < 32:
        raise UsageError(
            f"{path}: is no key of at least 32 characters; restore it, or name another in SIJILL_KEY"
        )
    return key


def _new_key(path: Path) -> bytes:
    """A key, written so that only its owner may read it."""
    key = secrets.token_hex(32).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:  # another process was quicker
        return key_from(path)
    except OSError as error:
        raise UsageError(f"{path}: the key cannot be written ({error.strerror}); set SIJILL_KEY") from None
    return key


class Pseudonyms:
    """Replaces people by pseudonyms under one key. `kept` are names that stay: the outlet itself."""

    def __init__(self, key: bytes, *, kept: Iterable[str] = ()) -> None:
        self._key = key
        self._kept = {fold_words(name) for name in kept}
        self._names: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of a value: `[phone:3fa2c1d0e4b7]`."""
        told = hmac.new(
            self._key, f"{kind}\0{_levelled(kind, value)}".encode("utf-8", "replace"), hashlib.sha256
        )
        return f"[{kind}:{told.hexdigest()[:_DIGITS]}]"

    def person(self, name: str | None) -> str | None:
        """What stands for a sender, who is known from now on and replaced in texts too.

        A sender shown as a number or an address is that number or address.
        """
        plain = " ".join((name or "").split())
        if not plain:
            return None
        if fold_words(plain) in self._kept:
            return plain
        if (
            whole := _PRIVATE.fullmatch(_latin(plain.strip("~ \u202a\u202c\u200e\u200f")))
        ) and whole.lastgroup != "skip":
            return self.scrub(plain.strip("~ ")).strip("\u202a\u202c\u200e\u200f ")
        self.learn(plain)
        return self._names.get(fold_words(plain.strip("~ "))) or self.of("person", plain)

    def learn(self, name: str) -> None:
        """A name to be replaced wherever it stands whole. Names of one or two letters are not."""
        folded = fold_words(name.strip("~ "))
        letters = sum(char.isalpha() for char in folded)
        if letters >= _SHORT and folded not in self._kept and folded not in self._names:
            name_from = _WORD.search(folded)
            assert name_from is not None, "a name has letters"
            bare = folded[name_from.start() :]
            self._names[folded] = self._names[bare] = self.of("person", name)
            self._by_first.setdefault(name_from[0], []).append(bare)
            self._compiled.pop(name_from[0], None)

    def scrub(self, text: str) -> str:
        """The text with a pseudonym for every number, handle, address, chat link and known name."""
        text = self._without_names(text)
        latin = _latin(text)
        pieces: list[str] = []
        at = 0
        for match in _PRIVATE.finditer(latin):
            kind = _kind(match)
            if kind is None or text[match.start() : match.end()].lstrip("@") in self._kept:
                continue
            told = map(partial(self.of, kind), numbers(match[0]) if kind == "phone" else [match[0]])
            pieces += [text[at : match.start()], " ".join(told)]
            at = match.end()
        return "".join([*pieces, text[at:]])

    def _without_names(self, text: str) -> str:
        """The text without the names that are known, in any spelling that folds to them."""
        if not self._names:
            return text
        folded = fold(text)
        pieces: list[str] = []
        at = 0
        for first, last in self._found(folded.text):
            start, end = folded.span(first, last)
            pieces += [text[at:start], self._names[" ".join(folded.text[first:last].split())]]
            at = end
        return "".join([*pieces, text[at:]])

    def _found(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where known names stand whole, perhaps behind attached particles; the longest at each place.

        Names are kept by their first word, so that thousands of them cost no more than a few.
        """
        done = 0
        for word in _WORD.finditer(folded):
            if word.start() < done:
                continue
            for cut in range(_MOST_CLITICS + 1):
                if cut and (cut >= len(word[0]) or word[0][cut - 1] not in _CLITICS):
                    break
                pattern = self._pattern(word[0][cut:])
                match = pattern.match(folded, word.start() + cut) if pattern else None
                if match is not None:
                    yield match.span()
                    done = match.end()
                    break

    def _pattern(self, first: str) -> re.Pattern[str] | None:
        """A pattern for all known names that begin with a word; None where none does."""
        names = self._by_first.get(first)
        if names is not None and first not in self._compiled:
            longest = sorted(names, key=len, reverse=True)
            self._compiled[first] = re.compile(rf"(?:{'|'.join(map(_spaced, longest))})(?!\w)")
        return self._compiled.get(first)


def _spaced(name: str) -> str:
    """A pattern for a folded name, whatever blanks stand between its words."""
    return r"\s+".join(map(re.escape, name.split()))


def _latin(text: str) -> str:
    """The text with the digits of any script as 0 to 9, of the same length."""
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char)) for char in text
    )


def _kind(match: re.Match[str]) -> str | None:
    """What a match is a pseudonym of; None where it stays as it is."""
    if match["skip"] is not None:
        return None
    if match["phone"] is None:
        return "mail" if match["mail"] is not None else "handle"
    return "phone" if _is_phone(match[0]) else None


def numbers(written: str) -> list[str]:
    """The numbers of a run of digits: several may stand in a row with nothing but blanks between.

    >>> numbers("0944123456 0933123456")
    ['0944123456', '0933123456']
    """
    found: list[str] = []
    for piece in filter(None, (piece.strip() for piece in _NEXT.split(written))):
        parts = piece.split() if _count(piece) > _MOST_DIGITS else [piece]
        for part in parts:
            if found and (_count(part) < 7 or _count(found[-1]) < 7):
                found[-1] += f" {part}"
            else:
                found.append(part)
    return found


def _count(written: str) -> int:
    """How many digits."""
    return sum(char.isdigit() for char in written)


def _is_phone(written: str) -> bool:
    """Whether digits are a number to call. In doubt they are, but for round counts and short ones."""
    digits = re.sub(r"\D", "", written)
    if written.lstrip("(").startswith(("+", "0")):
        return len(digits) >= 7
    if digits.endswith("000") and digits == written:
        return False
    return len(digits) >= 8 or bool(_SHORT_NUMBER.fullmatch(written.strip()))


def _levelled(kind: str, value: str) -> str:
    """A value as one person may write it in several ways: digits alone, lower case, without marks."""
    plain = re.sub(f"[{_MARKS}]", "", value)
    if kind == "phone":
        return re.sub(r"\D", "", _latin(plain)).removeprefix("00")
    if kind in ("handle", "mail"):
        return re.sub(r"^(https?://)?(www\.)?[\w.]*\.(me|dog|com)/", "", plain.lower()).lstrip("@")
    return fold_words(plain.strip("~ "))
