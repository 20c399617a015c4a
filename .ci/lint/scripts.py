"""Takes the shell scripts out of workflows, actions and manifests, each into a file of its own, for shellcheck."""

import pathlib
import sys

from ruamel.yaml import YAML


def scripts(value):
    """The scripts at any depth: `run` of a step, and what a container gives to `sh -c`."""
    if isinstance(value, dict):
        if isinstance(value.get("run"), str):
            yield "bash", value["run"]
        if list(value.get("command", [])) == ["sh", "-c"]:
            yield "sh", value["args"][0]
        for inner in value.values():
            yield from scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts(inner)


folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    stem = name.strip("./").replace("/", "-")
    for document in YAML(typ="safe").load_all(pathlib.Path(name)):
        for number, (shell, text) in enumerate(scripts(document), 1):
            if "${{" in text:
                sys.exit(f"{name}: an expression within a script is code; give it by `env`:\n{text}")
            kind = document.get("metadata", {}).get("name", "step")
            first = "set -e\n" if shell == "bash" else ""  # as GitHub runs a step
            (folder / f"{stem}.{kind}.{number}.sh").write_text(f"#!/usr/bin/env {shell}\n{first}{text}")
