"""Detects the fault of PySide6 6.12.0, which releases references that it does not own."""

import sys

from PySide6.QtCore import QObject, Signal, Slot


class Sender(QObject):
    sent = Signal(bool)


class Receiver(QObject):
    def __init__(self):
        super().__init__()
        self.received = 0

    @Slot(bool)
    def receive(self, value):
        self.received += value


def test_emitting_true_leaves_its_reference_count_alone():
    sender, receiver = Sender(), Receiver()
    sender.sent.connect(receiver.receive)
    before = sys.getrefcount(True)
    for _ in range(100):
        sender.sent.emit(True)
    assert receiver.received == 100
    # A few references come and go by themselves; the fault loses one with every signal.
    assert abs(sys.getrefcount(True) - before) < 50
