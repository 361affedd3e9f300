"""The description of the .json twins as OpenAPI 3.1."""

from __future__ import annotations

import re
from typing import Any

from sijill.filters import Filter
from sijill.web.identity import COOKIE
from sijill.web.routes import PAGES, PageRow

_DATES = ("since", "until")


def description(version: str, cookie: str = COOKIE) -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sijill desk", "version": version,
            "description": "Every page has a twin that ends in .json. Figures are documented minimums; "
            "null is not zero. A session is opened with the address that `sijill desk` prints.",
        },
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": cookie}},
            "schemas": {"Error": {"type": "object", "required": ["error"],
                                  "properties": {"error": {"type": "string"}}}},
        },
        "security": [{"session": []}],
        "paths": {twin(row.path): {"get": _operation(row)} for row in PAGES},
    }  # fmt: skip


def twin(path: str) -> str:
    """The address of a page's twin."""
    return "/overview.json" if path == "/" else f"{path}.json"


def _operation(row: PageRow) -> dict[str, Any]:
    """One page."""
    named = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", row.path)]
    errors = {"400": "A parameter cannot be read.", "401": "No session.", "404": "Nothing of that id."}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "operationId": row.name, "summary": row.summary,
        "parameters": named + [_parameter(name, "query") for name in row.parameters],
        "responses": {
            "200": {"description": "The page.",
                    "content": {"application/json": {"schema": {"type": "object"}}}},
            **{code: {"description": said, "content": error} for code, said in errors.items()},
        },
    }  # fmt: skip


def _parameter(name: str, where: str) -> dict[str, Any]:
    """One parameter."""
    schema: dict[str, Any] = {"type": "string"}
    said = "A word."
    if name in ("page", "rows", "before"):
        schema = {"type": "integer", "minimum": 1, "maximum": 100_000_000}
        said = "A whole number."
    elif name in _DATES:
        said = "A day, month or year: 2024-03-24, 2024-03 or 2024."
    elif name == "reviewed":
        schema = {"type": "string", "enum": ["yes", "no"]}
        said = "Looked at by a person."
    elif name == "where":
        said = "A filter as the command line writes it: 'place=SY09|SY04 actor=IS'."
    elif name in Filter.__struct_fields__:
        said = "One or more values, with | between."
    elif name == "q":
        said = 'Words of the reports, in any spelling; "in quotes" as they stand.'
    told = {"name": name, "in": where, "description": said, "schema": schema}
    return told | ({"required": True} if where == "path" else {})
