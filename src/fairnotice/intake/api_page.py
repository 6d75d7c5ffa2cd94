"""A page about the API, made from its own description: no outside script, so it works under the strict
policy."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fairnotice.intake.api import api

Json = dict[str, Any]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """All operations with their fields, answers and an example to paste into a shell."""
    schema = _schema()
    operations = [
        _operation(schema, path, method, described)
        for path, methods in schema["paths"].items()
        for method, described in methods.items()
    ]
    context = {
        "operations": operations,
        "shapes": [_shape(schema, name) for name in _named(schema, operations)],
        "version": schema["info"]["version"],
        "openapi_url": reverse("api-1:openapi-json"),
    }
    return render(request, "intake/api.html", context)


@require_safe
def openapi_json(request: HttpRequest) -> JsonResponse:
    """The same for programs (OpenAPI 3.1)."""
    return JsonResponse(_schema())


def _schema() -> Json:
    here = reverse("api-1:openapi-json").removesuffix("openapi.json")
    return dict(api.get_openapi_schema(path_prefix=here))


def _operation(schema: Json, path: str, method: str, described: Json) -> Json:
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "id": described["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": described.get("summary", ""),
        "description": described.get("description", ""),
        "secured": bool(described.get("security")) and {} not in described["security"],
        "may_have_token": {} in described.get("security", []),
        "parameters": [
            {
                "name": one["name"],
                "where": one["in"],
                "required": one.get("required", False),
                "description": one.get("description") or one.get("schema", {}).get("description", ""),
            }
            for one in described.get("parameters", [])
        ],
        "body": _ref(body),
        "answers": [
            {"status": status, "description": answer.get("description", ""), "shape": _answer_shape(answer)}
            for status, answer in sorted(described["responses"].items(), key=lambda pair: str(pair[0]))
        ],
        "curl": _curl(schema, path, method, described, _ref(body)),
    }


def _answer_shape(answer: Json) -> str:
    return _ref(answer.get("content", {}).get("application/json", {}).get("schema", {}))


def _ref(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _named(schema: Json, operations: list[Json]) -> list[str]:
    """The shapes in the order in which a reader meets them, each with the shapes inside it."""
    found: list[str] = []

    def take(name: str) -> None:
        if name and name not in found:
            found.append(name)
            for value in schema["components"]["schemas"][name].get("properties", {}).values():
                take(_ref(value) or _ref(value.get("items", {})))

    for operation in operations:
        take(operation["body"])
        for answer in operation["answers"]:
            take(answer["shape"])
    return found


def _shape(schema: Json, name: str) -> Json:
    described = schema["components"]["schemas"][name]
    required = described.get("required", [])
    return {
        "name": name,
        "description": described.get("description", ""),
        "fields": [
            {
                "name": field,
                "kind": _kind(value),
                "required": field in required,
                "description": value.get("description", ""),
                "limits": _limits(value),
                "choices": value.get("enum", []),
                "shape": _ref(value) or _ref(value.get("items", {})),
            }
            for field, value in described.get("properties", {}).items()
        ],
    }


def _kind(value: Json) -> str:
    if "anyOf" in value:
        return " | ".join(_kind(one) for one in value["anyOf"])
    if value.get("type") == "array":
        return "list"
    return str(value.get("format") or value.get("type") or "object")


def _limits(value: Json) -> str:
    what = "Items" if value.get("type") == "array" else "Length"
    most = value.get(f"max{what}")
    return f"{value.get(f'min{what}', 0)}–{most}" if most is not None else ""


def _curl(schema: Json, path: str, method: str, described: Json, body: str) -> str:
    lines = [
        f"curl -X {method.upper()} {settings.FN_BASE_URL.rstrip('/')}{path}",
        "-H 'Content-Type: application/json'",
    ]
    if described.get("security"):
        lines.append("-H 'Authorization: Bearer YOUR-TOKEN'")
    if any(one["name"] == "Idempotency-Key" for one in described.get("parameters", [])):
        lines.append("-H 'Idempotency-Key: '$(openssl rand -hex 16)")
    if body:
        # A quote inside would end the shell's; none of our examples holds one.
        lines.append(f"-d '{json.dumps(_example(schema, body), ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


def _example(schema: Json, name: str) -> Json:
    described = schema["components"]["schemas"][name]
    return {
        field: _example_value(schema, value)
        for field, value in described.get("properties", {}).items()
        if field in described.get("required", [])
    }


def _example_value(schema: Json, value: Json) -> Any:
    if value.get("examples"):
        return value["examples"][0]
    if value.get("type") == "array":
        return [_example(schema, _ref(value["items"]))]
    return True if value.get("type") == "boolean" else value.get("enum", [""])[0]
