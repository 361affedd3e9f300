"""Setting type with Typst: PDF of briefs, PNG of charts. Arabic is shaped and runs from the right.

Needs the extra `charts`; the wheel carries all that it takes, and the fonts lie in `data/publish/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from sijill.publish.extras import need
from sijill.publish.names import PUBLISH

FONTS = PUBLISH / "fonts"

_PICTURE = """#set page(width: auto, height: auto, margin: 0pt)
#set document(title: none, date: none)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def picture(svg: str, form: Literal["png", "pdf"], *, ppi: float = 150) -> bytes:
    """A drawing as PNG or PDF."""
    return typeset(_PICTURE, {"svg": svg}, form, ppi=ppi)


def typeset(source: str, given: Mapping[str, Any], form: Literal["png", "pdf"], *, ppi: float = 150) -> bytes:
    """A document of one source text; whatever is given that is no text arrives there as JSON."""
    typst = need("typst", "charts")
    inputs = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in given.items()
    }
    compiler = typst.Compiler(
        source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format=form, ppi=ppi) if form == "png" else compiler.compile(format=form)
    first: bytes = made[0] if isinstance(made, list) else made
    return first
