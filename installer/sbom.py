"""What perfstudio is made of, as a CycloneDX 1.6 document: every package of the lock with version, hashes and licence.

    python3 installer/sbom.py > perfstudio.cdx.json          the packages of running
    python3 installer/sbom.py --tests > ...                  those of the tests too

Licences are those that the packages of this Python state. The same lock gives the same document.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import uuid
from importlib import metadata
from typing import Any

import build_environment
from environment import LOCK, split_lock
from papers import licence

_PACKAGE = re.compile(r"(?m)^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))? \\\n"
                      r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]+(?: \\)?\n)+)")  # fmt: skip


def document(tests: bool) -> dict[str, Any]:
    """The whole document."""
    parts = split_lock(LOCK.read_text(encoding="utf-8"))
    text = "".join(parts) if tests else parts[0]
    version = build_environment.version()
    components = [component(found) for found in _PACKAGE.finditer(text)]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, text + version)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"pkg:pypi/perfstudio@{version}",
                "name": "perfstudio",
                "version": version,
                "purl": f"pkg:pypi/perfstudio@{version}",
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            }
        },
        "components": components,
    }


def component(found: re.Match[str]) -> dict[str, Any]:
    """One package of the lock."""
    name, version, marker = found["name"], found["version"], found["marker"]
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "properties": [
            {"name": "perfstudio:file-sha256", "value": value}
            for value in re.findall(r"sha256:([0-9a-f]+)", found["hashes"])
        ],
    }
    if marker:
        made["properties"].insert(0, {"name": "perfstudio:marker", "value": marker})
    with contextlib.suppress(metadata.PackageNotFoundError):  # of another system
        made["licenses"] = [{"license": {"name": licence(metadata.distribution(name))}}]
    return made


if __name__ == "__main__":
    print(json.dumps(document("--tests" in sys.argv[1:]), indent=2, ensure_ascii=False))
