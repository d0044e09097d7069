from PySide6.QtCore import Qt
from PySide6.QtWidgets import *
from PySide6.QtGui import *
def name(w):
    return f"{type(w).__name__} «{w.accessibleName() or (w.text() if hasattr(w,'text') and callable(w.text) else '')}» {w.objectName()}"
def inter(w):
    return isinstance(w,(QAbstractButton,QAbstractSpinBox,QComboBox,QLineEdit,QAbstractSlider,QAbstractItemView,QPlainTextEdit,QTextEdit)) and not isinstance(w,(QScrollBar,QHeaderView))
def test_q(window, qtbot):
    for panel in window.docks.docks: window.docks.show(panel)
    window.session.train(300)
    qtbot.waitUntil(lambda: window.session.snapshot_step==300, timeout=20000)
    for panel in [None, *window.docks.docks]:
        if panel: window.docks.show(panel); qtbot.wait(60)
        window.setFocus()
        seen=[]
        for _ in range(300):
            qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
            w=QApplication.focusWidget()
            if w in seen: break
            seen.append(w)
        print("=====",panel,len(seen))
        if panel is None:
            for w in seen: print("  R", name(w))
        else:
            for w in seen:
                if window.docks.docks[panel].isAncestorOf(w): print("  R", name(w))
        for w in window.findChildren(QWidget):
            if w.isVisible() and w.isEnabled() and w not in seen and inter(w) and not (w.focusProxy() in seen):
                if isinstance(w.parent(), (QAbstractSpinBox,QComboBox)): continue
                print("  NOT", name(w), w.focusPolicy().name, type(w.parent()).__name__)
