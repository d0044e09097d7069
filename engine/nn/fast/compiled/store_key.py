"""The key of the compiled kernels: a hash of all that the machine code depends on.

Kernels that were compiled with another key are not used. So a change of the source, a new version,
another processor or another flag of Numba's can never meet code that was made without it.

Machine code holds the values of the constants that a kernel imports, so the source of the modules
that the kernels name in their imports counts as well; but not that of those which these import.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("numba", "llvmlite", "numpy")
"""What compiles the kernels, and what they compute with."""

KERNELS = Path(__file__).with_name("kernels")
"""The folder with the source of the kernels."""

_KERNELS_PACKAGE = "engine.nn.fast.compiled.kernels."

_ROOT = Path(__file__).parents[4]
"""The folder that holds the package `engine`."""

_LAYOUT = "1"
"""The layout of the store. To be increased if older stores can no longer be read."""

_CPUINFO = Path("/proc/cpuinfo")
_OF_PROCESSOR = ("vendor_id", "model name", "flags", "Features", "CPU part", "isa")
_IRRELEVANT = ("NUMBA_CACHE_DIR", "NUMBA_CACHE_LOCATOR_CLASSES", "NUMBA_NUM_THREADS")
"""Variables of Numba's that do not change code."""

_SETTINGS_FILE = ".numba_config.yaml"
"""Numba reads it in the current folder."""

_IMPORT = re.compile(r"^(?:from|import) (engine[.\w]*)", re.MULTILINE)


@cache
def store_key() -> str:
    """Return the key of this process: 32 hexadecimal digits.

    Raises
    ------
    OSError
        If one of `PACKAGES` is not installed, or its version cannot be read.
    """
    digest = hashlib.sha256()
    for part in _parts():
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def _parts() -> Iterator[bytes]:
    yield _LAYOUT.encode()
    yield f"{sys.implementation.cache_tag} {sys.platform} {sys.version}".encode()
    for name in PACKAGES:
        yield _version(name)
    yield _processor()
    yield from _settings()
    yield from _sources()


def _version(package: str) -> bytes:
    """Return the file that says the version of a package, which is faster than its metadata."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{package} is not installed")
    name = "version.py" if package == "numpy" else "_version.py"
    return Path(spec.origin).with_name(name).read_bytes()


def _processor() -> bytes:
    """Return what the system says of the first processor."""
    lines = []
    try:
        with _CPUINFO.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if not line.strip():
                    break
                if line.startswith(_OF_PROCESSOR):
                    lines.append(line)
    except OSError:  # not Linux
        pass
    if not lines:
        import platform  # here because the import is slow

        lines = [platform.machine(), os.environ.get("PROCESSOR_IDENTIFIER", "")]
    return "".join(lines).encode()


def _settings() -> Iterator[bytes]:
    """Return Numba's settings: those of the environment, and of a file in the current folder."""
    for name, value in sorted(os.environ.items()):
        if name.startswith("NUMBA_") and name not in _IRRELEVANT:
            yield f"{name}={value}".encode(errors="surrogateescape")
    settings = Path(_SETTINGS_FILE)
    if settings.is_file():
        yield settings.read_bytes()


def _sources() -> Iterator[bytes]:
    """Return the source of the kernels, and of the modules from which they import constants."""
    imported = set()
    for path in sorted(KERNELS.rglob("*.py")):
        source = path.read_bytes()
        yield path.relative_to(KERNELS).as_posix().encode() + b"\n" + source
        imported.update(_IMPORT.findall(source.decode()))
    for name in sorted(imported):
        if not f"{name}.".startswith(_KERNELS_PACKAGE):
            place = _ROOT.joinpath(*name.split("."))
            # Of a package, it is not clear which module is imported.
            for path in sorted(place.glob("*.py")) or [place.with_suffix(".py")]:
                yield name.encode() + b"\n" + path.read_bytes()
