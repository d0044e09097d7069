import pytest

from engine.data.reading.encoding_guesses import MAX_GUESSES, fitting_encodings

SAMPLES = {
    "cp1252": "Zoë\nJürgen\nÅsne\nPère\nNúria\nthe owl’s nest\n",
    "cp1250": "Łukasz\nŽofia\nCzesława\nJiří\nŁódź\n",
    "cp1251": "Анна\nБорис\nВладимир\nПётр\n",
    "koi8-r": "Анна\nБорис\nВладимир\nЕлена\n",
    "cp866": "Анна\nБорис\nВладимир\n",
    "cp1253": "Αθηνά\nΓιώργος\nΚώστας\n",
    "cp1256": "محمد\nفاطمة\n",
    "mac-roman": "Zoë\nJürgen\nÅsne\nPère\nNúria\n",
    "shift_jis": "たなか\nさとう\n東京\nスズキ\n",
    "euc_jp": "たなか\nさとう\n東京\nスズキ\n",
    "big5": "臺北\n高雄\n陳怡君\n林志明\n",
    "iso-8859-2": "Łukasz\nŽofia\nCzesława\nJiří\n",
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_the_likeliest_comes_first(encoding):
    text = SAMPLES[encoding]
    guesses = fitting_encodings(b"\n" + text.encode(encoding), "utf-8")
    assert guesses[0].name == encoding
    assert 1 <= len(guesses) <= MAX_GUESSES
    assert set(guesses[0].lines) <= set(text.split("\n"))
    assert 1 <= len(guesses[0].lines) <= 3


@pytest.mark.parametrize("encoding", ["cp1254", "gb18030", "euc_kr", "cp850", "cp1255"])
def test_the_right_one_is_among_them(encoding):
    text = {
        "cp1254": "İpek\nIşık\nÇağla\nŞirin\n",
        "gb18030": "北京\n上海\n张伟\n王芳\n李娜\n",
        "euc_kr": "서울\n부산\n김민준\n이서연\n",
        "cp850": "Zoë\nJürgen\nÅsne\n",
        "cp1255": "שלום\nדוד\nמשה\n",
    }[encoding]
    names = [guess.name for guess in fitting_encodings(text.encode(encoding), "utf-8")]
    assert encoding in names


def test_no_two_read_alike():
    guesses = fitting_encodings("Zoë\nJürgen\n".encode("cp1252"), "utf-8")
    assert len({guess.lines for guess in guesses}) == len(guesses)


def test_the_one_that_was_tried_is_not_offered_again():
    guesses = fitting_encodings(b"b\xe9b\xe9\n", "cp1252")
    assert "cp1252" not in [guess.name for guess in guesses]


def test_a_long_line_is_shown_where_it_differs():
    content = b"x" * 500 + " Zoë ".encode("cp1252") + b"y" * 500
    line = fitting_encodings(content, "utf-8")[0].lines[0]
    assert "Zoë" in line
    assert len(line) <= 60


def test_binary_content_has_no_encoding():
    assert fitting_encodings(b"\x89PNG\r\n\0\0\0\rIHDR\0\1", "utf-8") == ()
