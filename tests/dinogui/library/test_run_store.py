"""The run store answers every order, even when the training fails."""

from engine.training.trainer import Trainer


def test_saving_a_run_that_cannot_be_copied_fails_and_the_window_can_close(
    window, qtbot, tmp_path, train_until, monkeypatch
):
    train_until(window.session, 5)
    saving = window.library.saving
    window.session.run.file = str(tmp_path / "run.npz")
    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "state", lambda _self: 1 / 0)
        with qtbot.waitSignal(saving.not_saved) as answer:
            assert not saving.save_and_wait(lambda: True)
    assert "could not be copied" in answer.args[0]
    assert saving.save_and_wait(lambda: True), "the run continues, and can be saved later"
    window.close()
    assert window.session.has_ended
