"""Thousands of requests made up from the OpenAPI description: none may end in a server error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desk_parts import Visitor, register
from sijill.web.openapi import description

CASES = 2_100 if os.environ.get("SIJILL_SOAK") else 60
"""`make soak` makes up so many requests; the quick run a few."""


def test_made_up_requests_soak(tmp_path: Path) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="SKIPPED: pip install schemathesis")
    visitor = Visitor(register(tmp_path / "register.db"), most=10**9)
    schema = schemathesis.openapi.from_dict(description("1"))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 12
    counted = 0

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of([operation.as_strategy() for operation in operations]))
    def one(case: object) -> None:
        nonlocal counted
        counted += 1
        path, query = case.formatted_path, dict(case.query or {})  # type: ignore[attr-defined]
        answer = visitor.client.get(path, params={key: str(value) for key, value in query.items()})
        assert answer.status_code in (200, 400, 404, 414), (
            path,
            query,
            answer.status_code,
            answer.text[:300],
        )

    one()
    assert counted >= CASES * 0.9
    visitor.close()
