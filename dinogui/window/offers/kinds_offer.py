"""What a person can do when data could have kinds of names, offered in the banner."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from dinogui.window.opening import Opening
from dinogui.window.reading.reading_options import ReadingOptions
from engine.data.corpus import Corpus
from engine.data.text import Text


class KindsOffer(QObject):
    """Asks whether the files, or a column, of data that were just opened are kinds of names.

    Data that were read with an answer, or that were opened before, are not asked about. Lives in
    the GUI thread.

    Parameters
    ----------
    session : Session
    opening : Opening
    options : ReadingOptions
        Opens the dialog in which the kinds are chosen.
    banner : Banner
    """

    def __init__(
        self, session: Session, opening: Opening, options: ReadingOptions, banner: Banner
    ) -> None:
        super().__init__(session)
        self._session, self._opening, self._banner = session, opening, banner
        self._asked: Corpus | Text | None = None
        self._choose = QAction("Choose kinds…", self)
        self._choose.setToolTip("See how the data would be read with kinds of names")
        self._choose.triggered.connect(options.show_with_kinds)
        # The window clears the banner when a run begins.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        session.run_begun.connect(self._note_run)

    @Slot()
    def _note_run(self) -> None:
        self._banner.withdraw(self)
        self._soon.start()

    @Slot()
    def _ask(self) -> None:
        data = self._session.corpus
        if data is None or data is self._asked or self._session.path is None:
            return
        self._asked = data
        if self._opening.asks and data.report is not None and data.report.offers:
            # What was left out has been said, and this takes its place.
            sentences = (*data.report.left_out, data.report.offers[0])
            self._banner.say(" ".join(sentences), self._choose, topic=self)
