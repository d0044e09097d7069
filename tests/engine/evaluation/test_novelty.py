import pytest

from engine.evaluation.novelty import copied_passage_share, known_word_share

TEXT = "From fairest creatures we desire increase,\nthat beauty's rose"


def test_words_are_known_whatever_their_case():
    assert known_word_share("FROM beauty's creatures", TEXT) == 1.0
    assert known_word_share("from fair creatures, crease", TEXT) == 0.5
    assert known_word_share("... 12 !", TEXT) == 0.0


def test_runs_are_copied_or_not():
    assert copied_passage_share(TEXT, TEXT) == 1.0
    assert copied_passage_share(TEXT.upper(), TEXT) == 0.0
    assert copied_passage_share("short", TEXT) == 0.0
    # Of "abcdefgh" three runs of 4 stand in the text, and two are new.
    assert copied_passage_share("abcdefgh", "xabcdefx", 4) == pytest.approx(3 / 5)
    with pytest.raises(ValueError, match="length must be 1 or more"):
        copied_passage_share("a", "b", 0)
