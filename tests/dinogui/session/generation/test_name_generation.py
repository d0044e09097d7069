"""Name generation in the session, with the thread that samples names."""

import pytest

from dinogui.common.kept_name import KeptName
from dinogui.session.generation import name_generation
from dinogui.session.generation.kept_names import KeptNames, users_kept_names
from dinogui.workers import name_sampler
from engine.data.corpus import corpus_of_names
from engine.sampling.constraints import Constraints

NAMES = ["anna", "bob", "clara", "david", "eve", "fred", "gina", "hugo", "ida", "jan"]


@pytest.fixture
def running(session, qtbot):
    session.use(corpus_of_names(NAMES, "ten", 0, lower_case=True))
    qtbot.waitUntil(lambda: session.has_network)
    return session


def test_the_meter_measures_again_after_a_measurement_that_failed(
    session, qtbot, monkeypatch, caplog
):
    monkeypatch.setattr(name_generation, "METER_RETRY_SECONDS", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(name_sampler, "count_fresh_names", lambda *_, **__: 1 / 0)
        session.use(corpus_of_names(NAMES, "ten", 0, lower_case=True))
        qtbot.waitUntil(lambda: "ZeroDivisionError" in caplog.text)
        qtbot.waitUntil(lambda: session.has_network)
    assert session.name_generation.measurements == []
    session.train()
    qtbot.waitUntil(lambda: bool(session.name_generation.measurements))


def test_an_error_in_a_search_is_reported_and_refers_to_the_log_file(
    running, qtbot, monkeypatch, caplog
):
    def broken(*_, **__):
        raise ZeroDivisionError("by nought")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(name_sampler, "find_candidates", broken)
        with qtbot.waitSignal(running.name_generation.refused) as refused:
            running.name_generation.find_candidates(Constraints(3))
    assert refused.args == [
        "No names could be written (ZeroDivisionError: by nought). "
        "Help > Show log file has the details.",
        "",
    ]
    assert "Writing names failed" in caplog.text
    with qtbot.waitSignal(running.names_written) as written:
        running.name_generation.find_candidates(Constraints(3))
    assert len(written.args[0]) == 3


def test_starred_names_are_on_disk_when_the_session_has_closed(running):
    entry = KeptName("rex", "ten", "RNN 50", 0, 1.5)
    running.name_generation.kept.keep([entry])
    running.close()
    path = users_kept_names()
    assert isinstance(running.name_generation.kept, KeptNames)
    assert '"rex"' in path.read_text()
