from fractions import Fraction

import pytest

from engine.storage.fractions import read_fraction


@pytest.mark.parametrize("written", ["0", "4", "1/2", "1373/602", "999999999/999999999"])
def test_what_str_writes_is_read(written):
    assert read_fraction(str(Fraction(written))) == Fraction(written)


@pytest.mark.parametrize(
    "written", ["", "x", "-1", "1/0", "1e999999999", "1.5", "9" * 400, "1/2/3", " 1", "٣", 4, None]
)
def test_anything_else_is_refused_at_once(written):
    with pytest.raises(ValueError, match="a fraction is written as"):
        read_fraction(written)
