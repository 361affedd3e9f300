"""Every fault of the word lists at once, each with file, line and how to mend it.

    python -m sijill.lexicon.check             the built-in lists
    python -m sijill.lexicon.check FOLDER      a folder of one's own, laid over them

Ends with 0 where nothing is wrong, with 1 otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sijill.arabic.words import split
from sijill.errors import Fault
from sijill.lexicon import check_places, check_words
from sijill.lexicon.compile import build, data_files, load_yaml
from sijill.lexicon.entries import Compiled, Entry
from sijill.lexicon.finder import Finder
from sijill.lexicon.lines import Item, read
from sijill.lexicon.load import DATA
from sijill.lexicon.placing import PlaceRow, read_rows


def check(folder: Path | None = None) -> list[Fault]:
    """The faults of the built-in lists, or of a folder laid over them, by file and line."""
    own = data_files([folder or DATA])
    base = data_files([DATA]) if folder is not None and folder.resolve() != DATA else []
    faults = _unknown(own, base, folder)
    rows, more = _rows(own)
    faults += more
    faults += check_places.check(_rows(base)[0], rows, load_yaml(DATA / "place_words.yaml"))
    lists = [[file for file in files if file.suffix == ".yaml"] for files in (own, base)]
    faults += check_words.check(*lists)
    if not _broken(faults):
        faults += _find(rows, lists[0], folder if base else None)
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.what))


def _unknown(own: Sequence[Path], base: Sequence[Path], folder: Path | None) -> list[Fault]:
    """Files of a folder that nothing would read."""
    if folder is not None and not own:
        return [Fault(str(folder), 1, "no word lists", f"give it the shape of {DATA}")]
    if not base:
        return []
    homes = {file.parent.name for file in base if file.parent != DATA}
    names = {file.name for file in base if file.parent == DATA}
    return [
        Fault(
            str(file),
            1,
            "no such list is known",
            f"put it into {', '.join(sorted(homes))}, or name it after one of {DATA}",
        )
        for file in own
        if file.parent.name not in homes and file.name not in names
    ]


def _rows(files: Sequence[Path]) -> tuple[list[PlaceRow], list[Fault]]:
    """The rows of all tables of places."""
    rows: list[PlaceRow] = []
    faults: list[Fault] = []
    for file in files:
        if file.suffix == ".csv" and file.parent.name == "places":
            try:
                found, wrong = read_rows(file)
            except UnicodeDecodeError as error:
                found, wrong = [], [Fault(str(file), 1, f"not UTF-8 ({error.reason})", "save it as UTF-8")]
            rows += found
            faults += wrong
    return rows, faults


def _broken(faults: Sequence[Fault]) -> bool:
    """Whether the lists can not be read at all, so that looking for names would only repeat it."""
    return any(fault.what.startswith(("no YAML", "the columns are", "not UTF-8")) for fault in faults)


# --- every name finds itself, every example holds


def _find(rows: Sequence[PlaceRow], lists: Sequence[Path], folder: Path | None) -> Iterator[Fault]:
    lexicon, faults = build([DATA] if folder is None else [DATA, folder])
    yield from faults
    search = Search(lexicon)
    for row in rows:
        for name in row.names:
            if name.strip() and not search.whole(name, "place", row["id"]):
                yield _lost(row.file, row.line, name)
    for file in lists:
        if file.parent.name == "actors" and file.stem != "generic":
            yield from _actors(file, search)
        elif file.stem == "sources":
            for source in read(file)[0].items:
                yield from _forms(file, source, "forms", "source", search)
                yield from _examples(file, source, "source", search)


def _actors(file: Path, search: Search) -> Iterator[Fault]:
    for row in read(file)[0].items:
        for key, kind in (("names", "actor"), ("short", "actor"), ("adjectives", "adjective")):
            yield from _forms(file, row, key, kind, search)
        yield from _examples(file, row, "actor", search)


def _forms(file: Path, row: Item, key: str, kind: str, search: Search) -> Iterator[Fault]:
    for item in row.get(key).items:
        if not search.whole(item.text, kind, row.get("code").text):
            yield _lost(file, item.line, item.text)


def _lost(file: Path, line: int, form: str) -> Fault:
    return Fault(str(file), line, f"'{form}' does not find itself", "write it as reports do, in whole words")


def _examples(file: Path, row: Item, kind: str, search: Search) -> Iterator[Fault]:
    code = row.get("code").text
    for item in row.get("examples").items:
        if not search.inside(item.text, kind, code):
            yield Fault(
                str(file),
                item.line,
                f"the example does not name {code}",
                "add the form that it uses, or correct it",
            )
    for item in row.get("not_examples").items:
        if search.inside(item.text, kind, code):
            what = f"the example names {code}, and must not"
            yield Fault(str(file), item.line, what, "add the longer expression under not")


class Search:
    """Looks for forms in texts as the reader does."""

    def __init__(self, lexicon: Compiled) -> None:
        self._finder = Finder(lexicon)

    def whole(self, form: str, kind: str, code: str) -> bool:
        """Whether the form, standing alone, is found to its end."""
        words = split(form).words
        return any(m.end == len(words) and _is(m.entry, kind, code) for m in self._finder.find(words))

    def inside(self, sentence: str, kind: str, code: str) -> bool:
        """Whether a sentence holds a name, the longest forms first."""
        end = 0
        for match in sorted(self._finder.find(split(sentence).words), key=lambda m: (m.start, -m.end)):
            if (
                match.start >= end
                and match.entry.kind in (kind, "cue")
                and match.entry.code in (code, "nothing")
            ):
                if _is(match.entry, kind, code):
                    return True
                end = match.end
        return False


def _is(entry: Entry, kind: str, code: str) -> bool:
    return entry.kind == kind and entry.code == code


def main(arguments: Sequence[str]) -> int:
    """Print every fault; the exit code."""
    folder = Path(arguments[0]) if arguments else None
    if folder is not None and not folder.is_dir():
        print(f"{folder}: no such folder; give a folder of the shape of {DATA}", file=sys.stderr)
        return 2
    faults = check(folder)
    for fault in faults:
        print(fault)
    files = len(data_files([folder or DATA]))
    if faults:
        print(f"{len(faults)} faults in {files} files", file=sys.stderr)
        return 1
    print(f"{files} files, nothing wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
