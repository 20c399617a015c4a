"""What every package is made from: the manifest, the targets of a release, and archives that are the same on every machine."""

import gzip
import io
import pathlib
import re
import tarfile
import tomllib
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFEST = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]
VERSION = MANIFEST["version"]
TAG = f"v{VERSION}"
# PyPI writes 1.0.0-rc.1 as 1.0.0rc1.
PYPI_VERSION = VERSION.replace("-alpha.", "a").replace("-beta.", "b").replace("-rc.", "rc")
# The one place that names the repository is the manifest; this is everything else's way to it.
REPOSITORY = MANIFEST["repository"]
CHANNELS = MANIFEST["metadata"]["channels"]
DOWNLOADS = f"{REPOSITORY}/releases/download/{TAG}"
DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]


@dataclass(frozen=True)
class Target:
    """One binary of a release, by the names that each channel has for it."""

    triple: str
    npm: str
    wheel: str

    @property
    def program(self):
        """The binary's file name."""
        return "proviso.exe" if "windows" in self.triple else "proviso"

    @property
    def archive(self):
        """The file name of the archive; cargo-binstall and the action expect it."""
        return f"proviso-{TAG}-{self.triple}.tar.gz"


# A static binary needs no C library, so one wheel is right for both of Linux's.
LINUX_WHEEL = "manylinux_2_17_{0}.manylinux2014_{0}.musllinux_1_1_{0}"
TARGETS = {
    target.triple: target
    for target in [
        Target("x86_64-unknown-linux-musl", "linux-x64", LINUX_WHEEL.format("x86_64")),
        Target("aarch64-unknown-linux-musl", "linux-arm64", LINUX_WHEEL.format("aarch64")),
        Target("aarch64-apple-darwin", "darwin-arm64", "macosx_11_0_arm64"),
        Target("x86_64-apple-darwin", "darwin-x64", "macosx_10_12_x86_64"),
        Target("x86_64-pc-windows-msvc", "win32-x64", "win_amd64"),
    ]
}


def readme():
    """The README for a page elsewhere: links within the repository lead to this version's files."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    raw = REPOSITORY.replace("https://github.com/", "https://raw.githubusercontent.com/")
    text = re.sub(r"(!\[[^\]]*\]\()(?!https?:|#)", rf"\g<1>{raw}/{TAG}/", text)
    return re.sub(r"((?<!!)\[[^\]!]*\]\()(?!https?:|#)", rf"\g<1>{REPOSITORY}/blob/{TAG}/", text)


def document(name):
    """A document of the root as bytes, with the line ends of the repository wherever this runs."""
    return (ROOT / name).read_text(encoding="utf-8").encode()


def tar(path, members):
    """Writes a `.tar.gz` of (name, bytes, executable); the same members give the same bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, executable in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mode = 0o755 if executable else 0o644
            archive.addfile(member, io.BytesIO(content))
    path.write_bytes(gzip.compress(packed.getvalue(), 6, mtime=0))
    print(f"{path.stat().st_size:>10} {path.name}")
