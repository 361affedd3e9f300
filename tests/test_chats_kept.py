"""What a register holds of chats and mail, down to the last byte: nobody can be found in it."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, select

from sijill.cli.main import run
from test_chats import SECRETS, TELEGRAM, TELEGRAM_PAGE, WHATSAPP, digits, letter


def test_nobody_can_be_found_in_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "result.json").write_text(json.dumps(TELEGRAM))
    (folder / "messages.html").write_text(TELEGRAM_PAGE)
    (folder / "WhatsApp Chat with سامر المزروع.txt").write_text(WHATSAPP)
    (folder / "خبر من سامر المزروع.eml").write_bytes(bytes(letter()))
    monkeypatch.setenv("SIJILL_DB", str(tmp_path / "register.db"))
    monkeypatch.setenv("SIJILL_KEY", str(tmp_path / "key"))
    assert run(["init"]) == 0
    assert run(["add", str(folder), "--jobs", "1"]) == 0, capfd.readouterr().err
    assert "a new key for pseudonyms lies in" in capfd.readouterr().err
    said = "\n".join(_cells(tmp_path / "register.db"))
    assert "قرب السخنة" in said and "[person:" in said
    for secret in SECRETS:
        if secret.isdigit():
            bare = re.sub("[0-9a-f]{12,}", "", said)  # hashes; a number in one piece is looked for below
            assert not any(secret in digits(line) for line in bare.split("\n"))
        assert secret.lower() not in said.lower(), secret


def _cells(path: Path) -> list[str]:
    """Every cell of every table as text, unpacked where it is packed."""
    engine = create_engine(f"sqlite:///{path}")
    tables = MetaData()
    tables.reflect(engine)
    found = []
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)):
                found += [_said(cell) for cell in row]
    engine.dispose()
    return found


def _said(cell: object) -> str:
    """A cell as text."""
    if isinstance(cell, bytes):
        for window in (15, -15, 47):
            try:
                return zlib.decompress(cell, window).decode("utf-8", "replace")
            except zlib.error:
                continue
        return cell.decode("utf-8", "replace")
    return str(cell)
