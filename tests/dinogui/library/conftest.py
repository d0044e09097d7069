"""What the tests of folders that cannot be written share."""

import os
from contextlib import contextmanager

import pytest


@pytest.fixture
def as_nobody():
    """Return a context in which the superuser, whom permissions do not bind, has no rights."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0

    @contextmanager
    def without_rights():
        if is_root:
            os.seteuid(65_534)
        try:
            yield
        finally:
            if is_root:
                os.seteuid(0)

    return without_rights
