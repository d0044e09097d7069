import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.nn.classifier import probabilities_of_names

LEFT = Qt.MouseButton.LeftButton


def told_by_hand(window):
    """Return the held-out names, their kinds and the kinds told, without the panel."""
    session = window.session
    corpus, settings = session.corpus, session.settings
    _, places = corpus.split_places(settings.seed, settings.held_out)
    names = corpus.encoded_at(places)
    told = probabilities_of_names(session.viewed_snapshot.parameters, names).argmax(axis=1)
    return corpus.distinct_at(places), names.kinds, told


def cell_of(panel, kind, told):
    return panel._order.index(kind), panel._order.index(told)


def click(panel, cell):
    QTest.mouseClick(panel.map, LEFT, pos=panel.map.cell_centre(*cell).toPoint())


def test_the_matrix_counts_held_out_names(begin_telling, open_panel, hover, qtbot):
    window = begin_telling(held_out=0.4)
    panel = open_panel("confusion")
    names, kinds, told = told_by_hand(window)
    report = panel.result.report
    for kind in range(3):
        for other in range(3):
            assert report.confusion[kind, other] == ((kinds == kind) & (told == other)).sum()
    right = (kinds == told).mean()
    assert f"{right:.1%} of {len(names)} held-out names" in panel.reading.text()
    kind, other = int(kinds[0]), int(told[0])
    hover(panel.map, *cell_of(panel, kind, other))
    qtbot.waitUntil(lambda: f"{report.titles[kind]}: " in panel.reading.text())
    assert names[0] in panel.reading.text() or report.confusion[kind, other] > 3


def test_a_click_lists_the_names_and_a_name_is_shown_in_all_panels(
    begin_telling, open_panel, qtbot
):
    window = begin_telling(held_out=0.4)
    panel = open_panel("confusion")
    names, kinds, told = told_by_hand(window)
    kind, other = int(kinds[0]), int(told[0])
    click(panel, cell_of(panel, kind, other))
    page = panel.page.toPlainText()
    of_cell = [n for n, k, t in zip(names, kinds, told, strict=True) if (k, t) == (kind, other)]
    assert all(name in page for name in of_cell)
    assert panel.map.marked == (cell_of(panel, kind, other),)
    cursor = panel.page.document().find(of_cell[0])
    place = panel.page.cursorRect(cursor).center() - QPoint(3, 0)
    QTest.mouseClick(panel.page.viewport(), LEFT, pos=place)
    assert panel.choice.text == of_cell[0]
    tell = open_panel("tell_kind")
    qtbot.waitUntil(lambda: tell.result is not None and tell.result.letters == list(of_cell[0]))


def test_kinds_can_be_ordered_and_counted(begin_telling, open_panel, qtbot):
    begin_telling(held_out=0.4)
    panel = open_panel("confusion")
    qtbot.mouseClick(panel.order.segments["data"], LEFT)
    assert panel._order == [0, 1, 2]
    qtbot.mouseClick(panel.order.segments["size"], LEFT)
    sizes = panel.result.report.confusion.sum(axis=1)
    assert [sizes[kind] for kind in panel._order] == sorted(sizes, reverse=True)
    qtbot.mouseClick(panel.order.segments["confusion"], LEFT)
    assert panel._order == list(panel.result.clustered)
    qtbot.mouseClick(panel.value.segments["count"], LEFT)
    counts = panel.result.report.confusion[np.ix_(panel._order, panel._order)]
    written = [[int(text or 0) for text in row] for row in panel.map.texts]
    assert written == counts.tolist()


def test_recall_precision_and_calibration_stand_beside_it(begin_telling, open_panel, qtbot):
    window = begin_telling(held_out=0.4)
    panel = open_panel("confusion")
    _, kinds, told = told_by_hand(window)
    qtbot.mouseClick(panel.shown_page.segments["kinds"], LEFT)
    page = " ".join(panel.page.toPlainText().split())
    for kind, title in enumerate(panel.result.report.titles):
        recall = (told[kinds == kind] == kind).mean()
        assert f"{title} {(kinds == kind).sum()} {recall:.0%}" in page
    qtbot.mouseClick(panel.shown_page.segments["calibration"], LEFT)
    assert panel.calibration.isVisible()
    assert sum(each.count for each in panel.calibration.bins) == len(kinds)


def test_a_run_that_writes_has_no_confusion(begin_telling, open_panel):
    begin_telling(task="write")
    panel = open_panel("confusion", drawn=False)
    assert panel.picture.isHidden()
    assert "tells no kinds" in panel._empty.text()


def test_the_table_is_the_matrix(begin_telling, open_panel):
    begin_telling(held_out=0.4)
    panel = open_panel("confusion")
    heading, *rows = map(list, panel.table())
    assert heading == ["kind", "told Greek", "told Irish", "told Norse"]
    assert [row[1:] for row in rows] == panel.result.report.confusion.tolist()
    assert sum(map(sum, (row[1:] for row in rows))) == pytest.approx(len(panel.result.names))
