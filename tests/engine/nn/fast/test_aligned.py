import numpy as np
import pytest

from engine.nn.fast.aligned import aligned_copy, aligned_zeros

LINE = 64


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1,), (5277,), (13, 50), (2, 3, 4)], ids=str)
def test_an_aligned_array_equals_numpys_except_for_its_address(shape, dtype):
    for _ in range(20):  # each at another address
        zeros = aligned_zeros(shape, dtype)
        np.testing.assert_array_equal(zeros, np.zeros(shape, dtype), strict=True)
        assert zeros.ctypes.data % LINE == 0
        assert zeros.flags.c_contiguous
        assert zeros.flags.writeable


def test_an_aligned_copy_is_equal_and_independent():
    original = np.random.default_rng(0).normal(size=(3, 7))[:, 1:]
    copy = aligned_copy(original)
    np.testing.assert_array_equal(copy, original, strict=True)
    assert copy.ctypes.data % LINE == 0
    copy[:] = 0.0
    assert original.all()
