"""Checks that every page and recipe names the repository and the version that Cargo.toml names.

    python3 repository.py            report what differs, and what is left to fill in before a release
    python3 repository.py --write    put Cargo.toml's repository and version everywhere
    python3 repository.py --release  fail if anything is left to fill in, or if this is not the repository of the workflow

`repository` and `version` in Cargo.toml are the places to fill in.
"""

import os
import re
import subprocess
import sys

from project import MANIFEST, REPOSITORY, ROOT, VERSION

ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9-]+)/proviso")
PLACEHOLDER = "OWNER"
# The owner, wherever this repository is named.
MENTIONS = re.compile(
    r"(?:(?<=github\.com/)|(?<=ghcr\.io/)|(?<=--repo )|(?<=uses: ))([A-Za-z0-9-]+)(?=/proviso(?![A-Za-z0-9_-]))"
    r"|(?<=brew install )([A-Za-z0-9-]+)(?=/tap/proviso)|(?<=`)([A-Za-z0-9-]+)(?=/homebrew-tap`)"
)
# The version, wherever a file of a release is named.
VERSIONS = re.compile(r"(?:(?<=/releases/download/v)|(?<=proviso-v)|(?<=proviso-cli==)|(?<=/proviso:))\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?")
# Who else is named in a page has nothing to do with this repository.
SKIPPED = ("tests/", "Cargo.lock", ".github/packages/repository.py")


def mentions():
    """Every tracked text file that may name the repository, with its text."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if not name or name.startswith(SKIPPED) or path.suffix in (".png", ".snap") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if MENTIONS.search(text) or VERSIONS.search(text):
            yield name, path, text


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    address = ADDRESS.fullmatch(REPOSITORY)
    if not address:
        sys.exit(f"Cargo.toml: `repository` is {REPOSITORY}, expected https://github.com/NAME/proviso")
    owner = address[1]
    trouble, count = [], 0
    for file, path, text in mentions():
        count += len(MENTIONS.findall(text))
        right = VERSIONS.sub(VERSION, MENTIONS.sub(owner, text))
        if right != text and mode == "--write":
            path.write_text(right, encoding="utf-8", newline="\n")
            print(f"{file}: written")
        elif right != text:
            trouble.append(f"{file} names another repository or version than Cargo.toml; `repository.py --write` puts it right")
    if MANIFEST["homepage"] != f"{REPOSITORY}#readme" and mode != "--write":
        trouble.append(f"Cargo.toml: `homepage` is {MANIFEST['homepage']}, expected {REPOSITORY}#readme")
    left = [f"Cargo.toml: {PLACEHOLDER} in `repository` and `homepage`"] if owner == PLACEHOLDER else []
    if mode == "--release":
        trouble += left
        here = os.environ.get("GITHUB_REPOSITORY", f"{owner}/proviso")
        if here != f"{owner}/proviso":
            trouble.append(f"Cargo.toml: `repository` is {REPOSITORY}, and this is {here}")
    if trouble:
        sys.exit("\n".join(trouble))
    print(f"{owner}/proviso is named {count} times")
    for line in left:
        print(f"left to fill in before a release: {line}, then `python3 .github/packages/repository.py --write`")


main()
