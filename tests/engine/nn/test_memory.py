"""What is free is found, and memory that is not there becomes a sentence."""

import subprocess
import sys

import numpy as np
import pytest

from engine.nn import memory
from engine.nn.memory import (
    NotEnoughMemoryError,
    check_memory,
    explain_memory_error,
    free_memory,
)

LIMITED = """
import resource
from engine.nn.memory import free_memory
limit = 3_000_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
print(limit - free_memory())
"""


def test_what_is_free_is_below_what_there_is():
    free = free_memory()
    assert free is None or 0 < free < 1 << 50


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say what is used")
def test_a_limit_of_the_process_counts(root):
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED], cwd=root, capture_output=True, text=True, check=True
    )
    assert 1_000_000 < int(ended.stdout) < 3_000_000_000


@pytest.mark.parametrize(
    ("limit", "usage", "reclaimable"),
    [
        ("memory.max", "memory.current", "inactive_file"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
    ],
)
def test_a_limit_of_a_container_counts(tmp_path, monkeypatch, limit, usage, reclaimable):
    monkeypatch.setattr(memory, "_CGROUP_FOLDER", tmp_path)
    (tmp_path / limit).parent.mkdir(exist_ok=True)
    (tmp_path / usage).write_text("70000\n")
    (tmp_path / limit).with_name("memory.stat").write_text(f"anon 5\n{reclaimable} 20000\n")
    (tmp_path / limit).write_text("max\n")
    assert free_memory() != 50_000
    (tmp_path / limit).write_text("100000\n")
    assert free_memory() == 50_000
    (tmp_path / limit).write_text("10000\n")
    assert free_memory() == 0, "more is used than is allowed"


def test_what_needs_more_than_is_free_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(memory, "_free_of_machine", lambda: 3_000_000_000)
    monkeypatch.setattr(memory, "_CGROUPS", ())
    check_memory(3_000_000_000, "A step", "Wait.")
    with pytest.raises(NotEnoughMemoryError) as raised:
        check_memory(11_700_000_000, "A step of 512 units", "Choose fewer units.")
    assert str(raised.value) == (
        "A step of 512 units needs 11.7 GB of memory, but only 3.0 GB are free. Choose fewer units."
    )


def test_where_the_system_says_nothing_everything_is_tried(monkeypatch):
    monkeypatch.setattr(memory, "_free", lambda: iter(()))
    assert free_memory() is None
    check_memory(1 << 60, "A step", "Wait.")


def test_an_error_of_numpy_becomes_a_sentence():
    with pytest.raises(MemoryError) as raised:
        np.empty(1 << 60, np.uint8)
    assert explain_memory_error(raised.value) == (
        "There is not enough memory. 1.00 EiB were asked for at once. Close other programs, or "
        "choose fewer units, a smaller batch or smaller data."
    )
    assert explain_memory_error(MemoryError()).startswith("There is not enough memory. Close")
