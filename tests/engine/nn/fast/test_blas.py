import json
import sys

import pytest

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

LIMIT = """
import json, os, sys
from engine.nn.fast.blas import limit_blas_threads
limit_blas_threads(*json.loads(sys.argv[1]))
print(json.dumps({name: os.environ.get(name) for name in json.loads(sys.argv[2])}))
"""


@pytest.fixture
def limits_after(run_python):
    def run(*arguments, environment=None):
        ended = run_python(
            "-c", LIMIT, json.dumps(arguments), json.dumps(VARIABLES), environment=environment
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    return run


@pytest.mark.parametrize(("arguments", "threads"), [((), "1"), ((3,), "3")])
def test_every_library_is_limited(limits_after, arguments, threads):
    assert limits_after(*arguments) == dict.fromkeys(VARIABLES, threads)


def test_the_environment_is_overwritten(limits_after):
    found = limits_after(environment=dict.fromkeys(VARIABLES, "2"))
    assert found == dict.fromkeys(VARIABLES, "1")


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
@pytest.mark.parametrize("inherited", [{}, {"OPENBLAS_NUM_THREADS": "2"}], ids=["none", "two"])
def test_numpy_then_runs_in_one_thread(run_python, inherited):
    ended = run_python(
        "-c",
        "import os; from engine.nn.fast.blas import limit_blas_threads; limit_blas_threads()\n"
        "import numpy; numpy.ones((500, 500)) @ numpy.ones((500, 500))\n"
        "print(len(os.listdir('/proc/self/task')))",
        environment=inherited,
    )
    assert ended.stdout.strip() == "1", ended.stderr


def test_limiting_after_numpy_is_imported_is_an_error(run_python):
    ended = run_python(
        "-c",
        "import numpy; from engine.nn.fast.blas import limit_blas_threads; limit_blas_threads()",
    )
    assert ended.returncode != 0
    assert "limit_blas_threads must be called before numpy is imported." in ended.stderr
