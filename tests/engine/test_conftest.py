"""What the engine's conftest.py hands to a fresh Python."""

import json

PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"


def test_a_fresh_python_keeps_all_but_the_numbers_of_threads(run_python, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    found = json.loads(run_python("-c", PRINT_ENVIRONMENT).stdout)
    assert found["OPENBLAS_CORETYPE"] == "Haswell"
    assert "7" not in (found.get("OPENBLAS_NUM_THREADS"), found.get("OMP_NUM_THREADS"))
