"""What the tests of the training thread share."""

import pytest

from dinogui.session.training import Training
from dinogui.workers.service import Threads


@pytest.fixture
def training(qapp):
    threads = Threads()
    yield Training(threads, threads)
    threads.close()
