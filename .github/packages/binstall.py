"""Checks that cargo-binstall, by the manifest, looks for the archives that a release has: binstall.py FOLDER"""

import pathlib
import sys
import tarfile

from project import DOWNLOADS, MANIFEST, REPOSITORY, TARGETS, VERSION

folder, patterns = pathlib.Path(sys.argv[1]), MANIFEST["metadata"]["binstall"]


def filled(pattern, target):
    """A pattern with the facts of a target."""
    suffix = ".exe" if "windows" in target.triple else ""
    facts = {"repo": REPOSITORY, "version": VERSION, "target": target.triple, "bin": "proviso", "binary-ext": suffix}
    for name, value in facts.items():
        pattern = pattern.replace(f"{{ {name} }}", value)
    return pattern


for target in TARGETS.values():
    address = filled(patterns["pkg-url"], target)
    if address != f"{DOWNLOADS}/{target.archive}":
        sys.exit(f"cargo-binstall looks for {address}, and a release has {DOWNLOADS}/{target.archive}")
    with tarfile.open(folder / target.archive) as archive:
        binary = filled(patterns["bin-dir"], target)
        if binary not in archive.getnames():
            sys.exit(f"cargo-binstall looks for {binary} in {target.archive}")
print(f"cargo-binstall would find the binaries of {len(TARGETS)} systems")
