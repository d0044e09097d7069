"""Memory: how much is free, and sentences for people if that is not enough.

What needs much memory is reckoned and checked before it is tried: a system that runs out of memory
may end the program instead of refusing the memory.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_MEMINFO, _STATM = Path("/proc/meminfo"), Path("/proc/self/statm")

_CGROUPS = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
)
"""Of versions 2 and 1: the files with the limit of a container and with what is used of it, and
what can be freed of that."""
_CGROUP_FOLDER = Path("/sys/fs/cgroup")


class NotEnoughMemoryError(ValueError):
    """Something needs more memory than is free. The message is a sentence for people."""


def check_memory(n_bytes: int, what: str, advice: str, in_use: int = 0) -> None:
    """Check that memory for something is free, before it is tried.

    Parameters
    ----------
    n_bytes : int
        How much it needs.
    what : str
        The subject of the sentence, in the singular: "A step of 512 units".
    advice : str
        What to do instead, as a sentence.
    in_use : int
        Bytes that are used for the same purpose now, and count as free.

    Raises
    ------
    NotEnoughMemoryError
        If there is less.
    """
    free = free_memory()
    if free is not None and n_bytes > (free := free + in_use):
        raise NotEnoughMemoryError(
            f"{what} needs {gigabytes(n_bytes)} of memory, but only {gigabytes(free)} "
            f"{'is' if free < 1.05e9 else 'are'} free. {advice}"
        )


def explain_memory_error(error: MemoryError) -> str:
    """Return a sentence for memory that ran out although nothing had been refused."""
    # NumPy says how much it asked for: "Unable to allocate 11.7 GiB for an array with shape ...".
    amount = str(error).partition("allocate ")[2].partition(" for ")[0]
    asked = f" {amount} were asked for at once." if amount else ""
    return (
        f"There is not enough memory.{asked} Close other programs, or choose fewer units, a "
        "smaller batch or smaller data."
    )


def gigabytes(n_bytes: float) -> str:
    """Write a size in gigabytes."""
    return f"{n_bytes / 1e9:,.1f} GB"


def free_memory() -> int | None:
    """Return how many bytes this process can still use; None if the system does not say.

    It is the least of what the machine, the container and the process's own limit leave.
    """
    return min((max(free, 0) for free in _free()), default=None)


def _free() -> Iterator[int]:
    machine = _free_of_machine()
    if machine is not None:
        yield machine
    for limit, used, reclaimable in _CGROUPS:
        with suppress(OSError, ValueError, LookupError):  # "max" is no number
            limit_file, used_file = _CGROUP_FOLDER / limit, _CGROUP_FOLDER / used
            statistics = _fields(limit_file.with_name("memory.stat"))
            yield int(limit_file.read_text()) - int(used_file.read_text()) + statistics[reclaimable]
    with suppress(ImportError, OSError, ValueError):
        import resource  # Windows has none

        limit_bytes, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit_bytes != resource.RLIM_INFINITY:
            pages = int(_STATM.read_text().split()[0])
            yield limit_bytes - pages * os.sysconf("SC_PAGE_SIZE")


def _free_of_machine() -> int | None:
    with suppress(OSError, ValueError, LookupError):
        return 1024 * _fields(_MEMINFO)["MemAvailable:"]
    with suppress(AttributeError, ValueError, OSError):  # not on Windows; macOS has only the second
        for pages in ("SC_AVPHYS_PAGES", "SC_PHYS_PAGES"):
            if pages in os.sysconf_names:
                return os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE")
    return None


def _fields(path: Path) -> dict[str, int]:
    """Read a file of lines that begin with a name and a whole number."""
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1}
