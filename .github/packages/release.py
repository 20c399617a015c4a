"""Makes what a release has beside its binaries: npm's package, the formula, the install script, and the checksums of all.

    python3 release.py OUT

OUT has what binary.py has written there for every target.
"""

import hashlib
import json
import pathlib
import re
import sys

from project import CHANNELS, DOCUMENTS, DOWNLOADS, MANIFEST, REPOSITORY, TARGETS, VERSION, document, readme, tar

HERE = pathlib.Path(__file__).resolve().parent


def npm(out):
    """The package `proviso` of npm: a script that runs the binary of the package for the system that it is on."""
    name = CHANNELS["npm"]
    manifest = {
        "name": name,
        "version": VERSION,
        "description": MANIFEST["description"],
        "keywords": MANIFEST["keywords"],
        "license": f"({MANIFEST['license']})",
        "homepage": MANIFEST["homepage"],
        "repository": {"type": "git", "url": f"git+{REPOSITORY}.git"},
        "bugs": f"{REPOSITORY}/issues",
        "bin": {"proviso": "proviso.js"},
        "engines": {"node": ">=18"},
        "optionalDependencies": {f"@{name}/cli-{target.npm}": VERSION for target in TARGETS.values()},
    }
    members = [("package/package.json", json.dumps(manifest, indent=2).encode() + b"\n", False)]
    members.append(("package/proviso.js", (HERE / "npm/proviso.js").read_bytes(), True))
    members.append(("package/README.md", readme().encode(), False))
    members += [(f"package/{name}", document(name), False) for name in DOCUMENTS if name != "README.md"]
    tar(out / f"{name}-{VERSION}.tgz", members)


def fill(template, out, sums):
    """Writes a template with the facts of this release in place of each `@NAME@`."""
    facts = {"VERSION": VERSION, "DOWNLOADS": DOWNLOADS, "HOMEPAGE": MANIFEST["homepage"], "REPOSITORY": REPOSITORY}
    for target in TARGETS.values():
        key = target.triple.replace("-", "_").upper()
        facts[f"ARCHIVE_{key}"], facts[f"SHA256_{key}"] = target.archive, sums[target.archive]
    text = re.sub("@([A-Z0-9_]+)@", lambda found: facts[found[1]], (HERE / template).read_text(encoding="utf-8"))
    path = out / pathlib.Path(template).name
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.stat().st_size:>10} {path.name}")


def checksums(out):
    """The checksum of every file, by name."""
    files = sorted(path for path in out.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main():
    out = pathlib.Path(sys.argv[1])
    absent = [target.archive for target in TARGETS.values() if not (out / target.archive).exists()]
    if absent:
        sys.exit(f"{out} does not have {', '.join(absent)}")
    npm(out)
    sums = checksums(out)
    fill("homebrew/proviso.rb", out, sums)
    fill("install.sh", out, sums)
    (out / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in checksums(out).items()), newline="\n")


main()
