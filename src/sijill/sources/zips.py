"""Office files are ZIP archives of XML: what is in one, and whether it is a trap."""

from __future__ import annotations

import io
import zipfile

from sijill.errors import InputError

MOST_PARTS = 10_000
MOST_RATIO = 200
_SMALL = 10_000_000


def kind(data: bytes) -> str | None:
    """`docx`, `xlsx` or None, by what the archive holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception:  # damage in any form: it is no archive that can be read
        return None
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def check(data: bytes, where: str, limit: int) -> None:
    """InputError for an archive that is broken, encrypted, or larger unpacked than it may be, or whose
    XML declares entities. A part can never give more bytes than it is said to have here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise InputError(where, "is encrypted", "save it without a password")
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > limit or size > max(_SMALL, MOST_RATIO * len(data)):
                what = f"unpacks to {size / 1e6:,.1f} MB in {len(parts):,} parts, more than it may"
                raise InputError(
                    where, what, "if it is no trap, save a smaller file, or raise SIJILL_MAX_FILE_MB"
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(archive.read(part), where)
    except InputError:
        raise
    except Exception as error:  # whatever the archive makes of damage, it costs this file only
        reason = " ".join(str(error).split())[:100]
        raise InputError(where, f"is a broken Office file ({reason})", "save it again") from None


def _check_xml(data: bytes, where: str) -> None:
    """InputError for XML that declares entities: Office writes none, and bombs are made of them."""
    head = data.replace(b"\0", b"").lower()
    if b"<!doctype" in head or b"<!entity" in head:
        raise InputError(
            where, "declares XML entities, which can be a trap", "save it again from an Office program"
        )
