"""A document whose rows are incidents already: somebody else coded them."""

from __future__ import annotations

from sijill.records import CodedReport
from sijill.sources.document import Document


class CodedDocument(Document, frozen=True, kw_only=True):
    """A document that brings its records along: `coded[i]` is what `reports[i]` tells.

    Nothing of it is read again. The text of a report is its row in words, and each mention points at
    the whole of it. The ids of reports and mentions come from the row's own id, so that a second run
    brings a changed row under the same id.
    """

    coded: list[CodedReport] = []  # noqa: RUF012
