"""What the figures depend on: the machine, the versions and the number of threads."""

import os
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the project need not be installed

from engine.nn.fast.blas import limit_blas_threads  # noqa: E402
from engine.nn.fast.malloc_tuning import tune_malloc  # noqa: E402

_LIMITS = ("_NUM_THREADS", "_MAXIMUM_THREADS")


@cache  # modules that can be run by themselves are also imported by others
def prepare_process():
    """Set the process up as the programs do: one BLAS thread, whatever the environment says."""
    for name in [name for name in os.environ if name.endswith(_LIMITS)]:
        del os.environ[name]
    limit_blas_threads()
    tune_malloc()


def describe_machine(*packages):
    """Return what the figures depend on, with the versions of those packages that are installed."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "load": load_average(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {"Python": platform.python_version()}
        | {package: found for package in packages if (found := _version_of(package))},
    }


def print_machine(machine):
    """Print the machine in two lines."""
    load = "" if machine["load"] is None else f", load {machine['load']:.1f} at the start"
    print(f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}{load}")
    print(", ".join(f"{package} {found}" for package, found in machine["versions"].items()))


def cpu_model():
    """Return the processor's name, from /proc if possible, because `platform` often has none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def load_average():
    """Return the load average of the last minute, or None if the system does not have it."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def has_torch():
    """Return whether PyTorch is installed, without importing it."""
    return find_spec("torch") is not None


def has_jax():
    """Return whether JAX is installed, without importing it."""
    return find_spec("jax") is not None


def has_kernels():
    """Return whether the compiled kernels are ready."""
    from engine.nn.backends import best_backend

    return best_backend() == "compiled"


def _version_of(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None
