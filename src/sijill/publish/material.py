"""What exports and briefs are made from: the register, or files of incidents, mentions and the like."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from sijill.errors import InputError, UsageError
from sijill.filters import Filter
from sijill.incidents import HeldMention, Incident
from sijill.records import Control, Tally

T = TypeVar("T")


class Material(Protocol):
    """Where records come from, one after the other. `as_of` is an ISO day: what was known then."""

    def incidents(self, asked: Filter, as_of: str | None = None) -> Iterator[Incident]:
        """The incidents that fit."""
        ...

    def mentions(self, asked: Filter, as_of: str | None = None) -> Iterator[HeldMention]:
        """The mentions of the incidents that fit."""
        ...

    def tallies(self, *, restricted: bool = False) -> Iterator[Tally]:
        """Published figures; those of restricted reports only where they are asked for."""
        ...

    def controls(self, *, restricted: bool = False) -> Iterator[Control]:
        """Who holds what; what restricted reports say only where it is asked for."""
        ...

    def head(self) -> str | None:
        """What names this state of the register: the head of its log, or a digest of the file."""
        ...


class FileMaterial:
    """Records from files of JSON lines, one record a line, in the form of `sijill schema`.

    A line that cannot be read is given to `on_error`, and the rest goes on.
    """

    def __init__(
        self,
        incidents: Path,
        *,
        mentions: Path | None = None,
        tallies: Path | None = None,
        controls: Path | None = None,
        on_error: Callable[[InputError], object] | None = None,
    ) -> None:
        self._files = {"incidents": incidents, "mentions": mentions, "tallies": tallies, "controls": controls}
        for path in self._files.values():
            if path is not None and not path.is_file():
                raise UsageError(f"{path}: no such file; give a file of JSON lines")
        self._on_error = on_error

    def incidents(self, asked: Filter, as_of: str | None = None) -> Iterator[Incident]:
        """The incidents of the file that fit; with `as_of` those first published until then."""
        every = asked == Filter()
        for incident in self._lines("incidents", Incident):
            if as_of and (incident.first_published or incident.start or "9") > as_of:
                continue
            if every or asked.fits(incident):
                yield incident

    def mentions(self, asked: Filter, as_of: str | None = None) -> Iterator[HeldMention]:
        """The mentions of the file that belong to incidents that fit."""
        if self._files["mentions"] is None:
            raise UsageError("mentions are asked for, but no file of them is given; add --mentions FILE")
        held = None
        if asked != Filter():
            held = {one for incident in self.incidents(asked, as_of) for one in incident.mentions}
        for mention in self._lines("mentions", HeldMention):
            if as_of and (mention.published or "9") > as_of:
                continue
            if held is None or mention.id in held:
                yield mention

    def tallies(self, *, restricted: bool = False) -> Iterator[Tally]:
        """The published figures of the file, where one is given."""
        return self._lines("tallies", Tally)

    def controls(self, *, restricted: bool = False) -> Iterator[Control]:
        """Who holds what, where a file is given."""
        return self._lines("controls", Control)

    def head(self) -> str | None:
        """SHA-256 of the file of incidents."""
        path = self._files["incidents"]
        assert path is not None, "a file of incidents is always given"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _lines(self, what: str, kind: type[T]) -> Iterator[T]:
        """The records of a file."""
        path = self._files[what]
        if path is None:
            return
        decoder: Any = msgspec.json.Decoder(kind)
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    fault = InputError(
                        f"{path}:{number}", f"no line of {what} ({error})", "repair or remove it"
                    )
                    if self._on_error is None:
                        raise fault from None
                    self._on_error(fault)
