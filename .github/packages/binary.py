"""Packs one binary in every way that carries one: an archive, a package for npm, a wheel.

    python3 binary.py TRIPLE BINARY OUT

Writes into the folder OUT. The binary is run once, for the completions of each shell.
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import zipfile

from project import CHANNELS, DOCUMENTS, MANIFEST, PYPI_VERSION, REPOSITORY, TAG, TARGETS, VERSION, document, readme, tar

COMPLETIONS = {"bash": "proviso.bash", "zsh": "_proviso", "fish": "proviso.fish", "powershell": "_proviso.ps1"}


def archive(target, binary, runs, out):
    """The archive that people, Homebrew, the script and the action download."""
    folder = target.archive.removesuffix(".tar.gz")
    members = [(f"{folder}/{target.program}", binary, True)]
    members += [(f"{folder}/{name}", document(name), False) for name in DOCUMENTS]
    for shell, name in COMPLETIONS.items():
        text = subprocess.run([runs, "completions", shell], check=True, stdout=subprocess.PIPE).stdout
        members.append((f"{folder}/completions/{name}", text, False))
    tar(out / target.archive, members)


def npm(target, binary, out):
    """The package of one system, which the package `proviso` of npm finds its binary in."""
    name = f"@{CHANNELS['npm']}/cli-{target.npm}"
    system, processor = target.npm.split("-")
    manifest = {
        "name": name,
        "version": VERSION,
        "description": f"The binary of {CHANNELS['npm']} for {target.npm}.",
        "license": f"({MANIFEST['license']})",
        "repository": {"type": "git", "url": f"git+{REPOSITORY}.git"},
        "os": [system],
        "cpu": [processor],
        "preferUnplugged": True,
    }
    members = [("package/package.json", json.dumps(manifest, indent=2).encode() + b"\n", False)]
    members.append((f"package/bin/{target.program}", binary, True))
    members.append(("package/README.md", f"# {name}\n\nThe binary of [{CHANNELS['npm']}]({REPOSITORY}).\n".encode(), False))
    members += [(f"package/{name}", document(name), False) for name in DOCUMENTS if name.startswith("LICENSE")]
    tar(out / f"{CHANNELS['npm']}-cli-{target.npm}-{VERSION}.tgz", members)


def wheel(target, binary, out):
    """A wheel from which pip puts the binary on the PATH as it is, without a line of Python."""
    stem = f"{CHANNELS['pypi'].replace('-', '_')}-{PYPI_VERSION}"
    tags = [f"py3-none-{platform}" for platform in target.wheel.split(".")]
    licences = [name for name in DOCUMENTS if name.startswith("LICENSE")]
    metadata = [
        "Metadata-Version: 2.4",
        f"Name: {CHANNELS['pypi']}",
        f"Version: {PYPI_VERSION}",
        f"Summary: {MANIFEST['description']}",
        f"License-Expression: {MANIFEST['license']}",
        *[f"License-File: {name}" for name in licences],
        f"Project-URL: Repository, {REPOSITORY}",
        f"Project-URL: Changelog, {REPOSITORY}/blob/{TAG}/CHANGELOG.md",
        f"Keywords: {','.join(MANIFEST['keywords'])}",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
    ]
    facts = ["Wheel-Version: 1.0", "Generator: proviso", "Root-Is-Purelib: false", *[f"Tag: {tag}" for tag in tags]]
    members = [(f"{stem}.data/scripts/{target.program}", binary, 0o755)]
    members.append((f"{stem}.dist-info/METADATA", ("\n".join(metadata) + "\n\n" + readme()).encode(), 0o644))
    members.append((f"{stem}.dist-info/WHEEL", ("\n".join(facts) + "\n").encode(), 0o644))
    members += [(f"{stem}.dist-info/licenses/{name}", document(name), 0o644) for name in licences]
    record = "".join(f"{name},{digest(content)},{len(content)}\n" for name, content, _ in members)
    record += f"{stem}.dist-info/RECORD,,\n"
    members.append((f"{stem}.dist-info/RECORD", record.encode(), 0o644))
    path = out / f"{stem}-py3-none-{target.wheel}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content, mode in members:
            member = zipfile.ZipInfo(name)
            member.create_system = 3  # the mode below is one of Unix, wherever this runs
            member.external_attr = (0o100000 | mode) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, content)
    print(f"{path.stat().st_size:>10} {path.name}")


def digest(content):
    """The digest of a file as a wheel's RECORD writes it."""
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main():
    triple, path, out = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    if triple not in TARGETS:
        sys.exit(f"no release has {triple}; expected one of {', '.join(TARGETS)}")
    out.mkdir(parents=True, exist_ok=True)
    target, binary = TARGETS[triple], path.read_bytes()
    archive(target, binary, path, out)
    npm(target, binary, out)
    wheel(target, binary, out)


main()
