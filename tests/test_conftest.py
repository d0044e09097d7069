import gc

import pytest

from engine.data.vocabulary import Vocabulary


def test_a_report_with_lone_surrogates_can_be_sent_as_utf_8(pytestconfig):
    report = pytest.TestReport(
        "test_file.py::test_it", ("test_file.py", 1, "test_it"), {"\udcff": 1}, "failed",
        "cannot open a\udcff.txt", "call", sections=[("Captured log call", "a\udcff.txt was read")],
    )  # fmt: skip
    sent = pytestconfig.hook.pytest_report_to_serializable(config=pytestconfig, report=report)
    str(sent).encode("utf-8")
    assert sent["longrepr"] == r"cannot open a\udcff.txt"
    assert sent["sections"] == [("Captured log call", r"a\udcff.txt was read")]
    assert sent["keywords"] == {r"\udcff": 1}


def test_every_test_id_is_utf_8(request):
    for item in request.session.items:
        item.nodeid.encode("utf-8")


def test_modules_are_left_out_of_garbage_collection():
    assert gc.get_freeze_count() > 1_000
    assert not any(found is Vocabulary for found in gc.get_objects())
