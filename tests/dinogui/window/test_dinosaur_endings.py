"""The dinosaurs by kind: opened from the menu."""

from PySide6.QtWidgets import QApplication


def test_the_dinosaurs_open_by_the_endings_of_their_names(window, qtbot):
    action = window.actions_.open_dinosaur_endings
    assert action in window.top_bar.data.menu().actions()
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        action.trigger()
    corpus = window.session.corpus
    assert len(corpus.kinds) == 14
    assert "raptor" in corpus.kinds.titles
    assert corpus.names[0] == "abditosaurus"
    assert "967 names in 14 kinds" in window.controls.data_message
    QApplication.processEvents()
    assert window.banner.message == "", "nothing is left to ask"
    window.actions_.lower_case.setChecked(False)
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        action.trigger()
    assert window.session.corpus.names[0] == "Abditosaurus"
