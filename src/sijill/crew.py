"""Several processes that share a stream of reports and give the outcomes back in order.

Memory stays bounded: only a few chunks for each process are under way. Ctrl-C, a closed pipe and a
killed parent leave no process behind; a process that dies costs the one report that killed it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from sijill.errors import InputError
from sijill.pipeline import PLEASE_REPORT, Task
from sijill.records import Report

Item = Report | InputError
Chunk = list[Item]

CHUNK = 32
"""So many reports travel together: enough to forget the cost of the journey."""

CHUNK_CHARS = 200_000
"""No more text than this travels together, one report aside."""

AHEAD = 3
"""So many chunks for each process are under way."""

_task: Task | None = None


def spread(items: Iterable[Item], task: Task, jobs: int) -> Iterator[Any]:
    """The outcome of each item, in order, worked out by several processes."""
    crew = _Crew(task, jobs)
    under_way: deque[tuple[Chunk, Future[list[object]]]] = deque()
    finished = False
    try:
        for chunk in _chunks(items):
            under_way.append((chunk, crew.submit(chunk)))
            if len(under_way) >= AHEAD * jobs:
                yield from crew.result(*under_way.popleft())
        while under_way:
            yield from crew.result(*under_way.popleft())
        finished = True
    finally:
        crew.dismiss(at_once=not finished)


def _chunks(items: Iterable[Item]) -> Iterator[Chunk]:
    """The items in short lists."""
    chunk: Chunk = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.text) if isinstance(item, Report) else 0
        if len(chunk) >= CHUNK or size >= CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _Crew:
    """A pool of processes that is replaced when one of them dies."""

    def __init__(self, task: Task, jobs: int) -> None:
        self._task, self._jobs = task, jobs
        self._pool = self._start(jobs)

    def _start(self, jobs: int) -> ProcessPoolExecutor:
        """A fresh pool. Forked where that is safe: the words are then in memory already."""
        alone = sys.platform == "linux" and threading.active_count() == 1
        context = multiprocessing.get_context("fork" if alone else "spawn")
        return ProcessPoolExecutor(jobs, context, _begin, (self._task, os.getpid()))

    def submit(self, chunk: Chunk) -> Future[list[object]]:
        """The promise of a chunk's outcomes."""
        try:
            return self._pool.submit(_run, chunk)
        except BrokenProcessPool:
            self.dismiss()
            self._pool = self._start(self._jobs)
            return self._pool.submit(_run, chunk)

    def result(self, chunk: Chunk, promise: Future[list[object]]) -> list[object]:
        """A chunk's outcomes. If a process died, its reports are read one by one to find the cause."""
        try:
            return promise.result()
        except BrokenProcessPool:
            return self._one_by_one(chunk)

    def _one_by_one(self, chunk: Chunk) -> list[object]:
        """A chunk's outcomes from a process that holds nothing else, replaced whenever it dies."""
        outcomes: list[object] = []
        pool = self._start(1)
        try:
            for item in chunk:
                try:
                    outcomes += pool.submit(_run, [item]).result()
                except BrokenProcessPool:
                    outcomes.append(_fatal(item))
                    pool.shutdown()
                    pool = self._start(1)
        finally:
            pool.shutdown()
        return outcomes

    def dismiss(self, *, at_once: bool = False) -> None:
        """Sends the processes home; at once drops what has not begun."""
        self._pool.shutdown(wait=True, cancel_futures=at_once)


def _fatal(item: Item) -> InputError:
    """The error for a report that ended the process which read it."""
    if isinstance(item, InputError):
        return item
    return InputError(f"report {item.id}", "the process that read it died", PLEASE_REPORT)


def _begin(task: Task, parent: int) -> None:
    """What a process does first: leaves Ctrl-C to the parent, watches it, loads the reader."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _task = task
    task.prepare()


def _end_with_parent() -> None:
    """Ends this process when the parent is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(chunk: Chunk) -> list[object]:
    """The outcomes of one chunk."""
    assert _task is not None, "a process of the crew begins with its task"
    return _task.run(chunk)
