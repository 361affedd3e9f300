"""The words of a piece of HTML, paragraphs kept apart."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[a-zA-Z/!]")


def words_of(markup: str) -> str:
    """The words of HTML; a text without tags keeps its own lines.

    >>> words_of("<p>a &amp; b</p>")
    'a & b'
    """
    if not _TAG.search(markup):
        return html.unescape(markup).strip()
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(f"<html><body>{markup}</body></html>")
    return str(
        extract_plain_text(tree, main_content=False, alt_texts=False, list_bullets=False, links=False)
    ).strip()
