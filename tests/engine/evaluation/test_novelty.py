import pytest

from engine.evaluation.novelty import copied_runs, known_words

TEXT = "From fairest creatures we desire increase,\nthat beauty's rose"


def test_words_are_known_whatever_their_case():
    assert known_words("FROM beauty's creatures", TEXT) == 1.0
    assert known_words("from fair creatures, crease", TEXT) == 0.5
    assert known_words("... 12 !", TEXT) == 0.0


def test_runs_are_copied_or_not():
    assert copied_runs(TEXT, TEXT) == 1.0
    assert copied_runs(TEXT.upper(), TEXT) == 0.0
    assert copied_runs("short", TEXT) == 0.0
    # Of "abcdefgh" three runs of 4 stand in the text, and two are new.
    assert copied_runs("abcdefgh", "xabcdefx", 4) == pytest.approx(3 / 5)
    with pytest.raises(ValueError, match="length must be 1 or more"):
        copied_runs("a", "b", 0)
