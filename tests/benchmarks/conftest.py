"""Fixtures of the tests of the benchmarks."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def run_script(root, tmp_path):
    """Return a function that runs a benchmark as if the project were not installed."""

    def run(script, *arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [sys.executable, root / "tests" / "benchmarks" / script, *map(str, arguments)],
            cwd=tmp_path,
            env=clean | {"PYTHONIOENCODING": "utf-8"} | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run
