"""PDF and Office files made by hand for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence


def pdf(
    pages: Sequence[Sequence[str]], *, picture: bool = False, shapes: Mapping[str, str] | None = None
) -> bytes:
    """A PDF whose pages show these lines, letter for letter in the order given; `shapes` says for which
    letters one of its characters stands."""
    letters = sorted({char for page in pages for line in page for char in line})
    code = {char: number for number, char in enumerate(letters, 1)}
    table = "\n".join(
        f"<{number:04x}> <{(shapes or {}).get(char, char).encode('utf-16-be').hex()}>"
        for char, number in code.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(code)} beginbfchar\n{table}\nendbfchar endcmap end end"
    )
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        3: "<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",  # noqa: E501
        4: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 500 >>",
        5: "<< /Type /FontDescriptor /FontName /F /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
        "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        6: f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        7: "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        "/Length 1 >>\nstream\nx\nendstream",
    }
    kids = []
    for page in pages:
        shown = "".join(
            f"1 0 0 1 50 {800 - 20 * row} Tm <{''.join(f'{code[char]:04x}' for char in line)}> Tj\n"
            for row, line in enumerate(page)
        )
        body = f"BT /F1 12 Tf\n{shown}ET" + (" /I1 Do" if picture else "")
        number = len(objects) + 2
        image = "/XObject << /I1 7 0 R >>" if picture else ""
        objects[number] = f"<< /Length {len(body)} >>\nstream\n{body}\nendstream"
        objects[number + 1] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents {number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {image} >> >>"
        )
        kids.append(f"{number + 1} 0 R")
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    rows = "".join(f"{places[n]:010d} 00000 n \n" for n in range(1, len(objects) + 1))
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def repacked(data: bytes, **parts: bytes) -> bytes:
    """An Office file with parts added or replaced; `__` in a name stands for `/`, `_x_` for a dot."""
    wanted = {name.replace("_x_", ".").replace("__", "/"): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in wanted:
                new.writestr(name, old.read(name))
        for name, content in wanted.items():
            new.writestr(name, content)
    return out.getvalue()
