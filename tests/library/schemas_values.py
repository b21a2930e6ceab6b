"""Values that keep to a JSON Schema, for the part of JSON Schema that the published ones use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

FEW = 3
LONG = 30
USED = {
    *("$schema", "$id", "$defs", "$ref", "title", "description", "default", "format", "type", "enum", "const", "anyOf"),
    *("properties", "required", "additionalProperties", "maxProperties", "propertyNames", "items", "minItems"),
    *("maxItems", "pattern", "not", "minLength", "maxLength", "minimum", "maximum"),
}
"""Every keyword that is understood here; a test holds the schemas to them."""


def fitting(schema: dict[str, Any], root: dict[str, Any] | None = None) -> st.SearchStrategy[Any]:
    """Values that `schema` allows."""
    root = root if root is not None else schema
    assert set(schema) <= USED, set(schema) - USED
    if "$ref" in schema:
        named = str(schema["$ref"]).removeprefix("#/$defs/")
        return st.deferred(lambda: fitting(root["$defs"][named], root))
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return st.one_of(*(fitting(choice, root) for choice in schema["anyOf"]))
    made: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "null": st.none,
        "boolean": st.booleans,
        "integer": lambda: numbers(schema).map(round) | numbers(schema).map(round).map(float),
        "number": lambda: numbers(schema),
        "string": lambda: texts(schema),
        "array": lambda: lists(schema, root),
        "object": lambda: objects(schema, root),
    }
    return made[schema["type"]]()


def numbers(schema: dict[str, Any]) -> st.SearchStrategy[int | float]:
    """Numbers between the bounds, bounds included."""
    bounds = schema["minimum"], schema["maximum"]
    return st.integers(*map(round, bounds)) | st.floats(*bounds) | st.sampled_from(bounds)


def lists(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    """Lists of the fewest members and a few more."""
    least = schema.get("minItems", 0)
    return st.lists(fitting(schema["items"], root), min_size=least, max_size=min(schema["maxItems"], least + FEW))


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Texts of a pattern, or of any characters that are allowed, as short and as long as they may be."""
    least, most = schema.get("minLength", 0), schema.get("maxLength", 4 * LONG)
    if "pattern" in schema:
        whole = schema["pattern"].endswith("$")
        made = st.from_regex(
            schema["pattern"], fullmatch=whole, alphabet=st.characters(exclude_categories=("Cs", "Cc"))
        )
        return made if whole else made.map(lambda text: text[:most])
    kinds = ("Cs", "Cc") if "not" in schema else ("Cs",)
    some = st.text(st.characters(exclude_categories=kinds), min_size=least, max_size=min(most, least + LONG))
    return some | st.sampled_from("x😀é").map(lambda letter: letter * min(most, 5000))


def objects(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with every required member and some of the others; or with members of any name."""
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        return st.dictionaries(texts(schema.get("propertyNames", {})), fitting(more, root), max_size=FEW)
    members = {name: fitting(part, root) for name, part in schema.get("properties", {}).items()}
    needed = {name: members.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional=members)
