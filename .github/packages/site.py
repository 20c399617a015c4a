"""Lays out a registry for npm and an index for pip beside the files of a release, for try.sh.

    python3 site.py FOLDER ADDRESS

FOLDER/release has the files; ADDRESS is where FOLDER is served.
"""

import base64
import hashlib
import json
import pathlib
import sys
import tarfile

folder, address = pathlib.Path(sys.argv[1]), sys.argv[2]
release = folder / "release"

for package in sorted(release.glob("*.tgz")):
    with tarfile.open(package) as archive:
        manifest = json.load(archive.extractfile("package/package.json"))
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    manifest["dist"] = {"tarball": f"{address}/release/{package.name}", "integrity": f"sha512-{digest}"}
    name, version = manifest["name"], manifest["version"]
    place = folder / "npm" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"name": name, "dist-tags": {"latest": version}, "versions": {version: manifest}}))

index = folder / "simple" / "proviso-cli"
index.mkdir(parents=True)
links = [f'<a href="{address}/release/{wheel.name}">{wheel.name}</a>' for wheel in sorted(release.glob("*.whl"))]
(index / "index.html").write_text("<!DOCTYPE html><html><body>" + "\n".join(links) + "</body></html>")
