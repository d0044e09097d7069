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


SHORT_LISTS = [
    ("דוד משה שרה רחל לאה יעקב יוסף אברהם מרים אסתר רבקה נעמי", "cp1255 iso-8859-8 cp862"),
    ("Αθηνά Γιώργος Κώστας Ελένη Μαρία Νίκος Δημήτρης Σοφία Ιωάννης", "cp1253 iso-8859-7 cp737"),
    ("محمد فاطمة أحمد علي حسن خديجة عائشة يوسف إبراهيم مريم زينب", "cp1256 iso-8859-6"),
    (
        "สมชาย สมหญ\u0e34ง มาน\u0e35 ป\u0e34ต\u0e34 ว\u0e35ระ"
        " ช\u0e39ใจ ส\u0e38ดา ประเสร\u0e34ฐ ว\u0e34ช\u0e31ย อร\u0e38ณ",
        "cp874",
    ),
    (
        "Анна Борис Владимир Елена Мария Сергей Ольга Дмитрий Наталья",
        "cp1251 koi8-r cp866 iso-8859-5 mac-cyrillic",
    ),
    ("Олексій Євген Їжак Юрій Ірина Наталія Андрій Сергій", "cp1251 koi8-u"),
    ("Иванка Георги Стоян Десислава Божидар Цветана", "cp1251"),
    ("Ђорђе Љиљана Његош Јелена Ћирило Милош", "cp1251"),
    ("Łukasz Żofia Czesława Paweł Józef Małgorzata Świętosław Grażyna", "cp1250 iso-8859-2"),
    ("Jiří Žofie Václav Tomáš Lukáš Šárka Růžena Zdeněk Ondřej", "cp1250 iso-8859-2 cp852"),
    ("Győző Ödön Ágnes Zsófia Árpád Lőrinc Tímea Szűcs", "cp1250 iso-8859-2"),
    ("Željko Šime Đurđa Čedomir Mišo Vučić", "cp1250 iso-8859-2"),
    ("İpek Işık Çağla Şirin Ömer Gülşen Yağmur Oğuz Ayşe", "cp1254"),
    ("Jānis Līga Ņikita Žanis Kārlis Ģirts Ēriks", "cp1257"),
    ("Šarūnas Žydrūnas Rūta Ąžuolas Dainė Mėta", "cp1257"),
    ("Zoë Jürgen Åsne Père Núria François Søren Matthäus Iñigo", "cp1252 mac-roman cp850"),
    ("たなか さとう 東京 スズキ ゆうこ はなこ", "shift_jis euc_jp"),
    ("北京 上海 张伟 王芳 李娜 刘洋", "gb18030"),
    ("臺北 高雄 陳怡君 林志明 王小明", "big5"),
    ("서울 부산 김민준 이서연 박지우 최수빈", "euc_kr"),
]


@pytest.mark.parametrize("n_names", [3, 12])
@pytest.mark.parametrize(
    ("names", "encoding"),
    [(names, encoding) for names, several in SHORT_LISTS for encoding in several.split()],
)
def test_a_short_list_in_any_script_is_read_rightly_by_one_of_the_first_three(
    names, encoding, n_names
):
    text = "\n".join(["", *names.split()[:n_names], ""])
    content = text.encode(encoding)
    guesses = fitting_encodings(content, "utf-8")[:3]
    readings = [content.decode(guess.name, "replace") for guess in guesses]
    assert text in readings, [guess.lines for guess in guesses]
    right = guesses[readings.index(text)]
    assert set(right.lines) <= set(names.split())
    if n_names == 12:
        assert readings[0] == text, "with so many names it is the first"


@pytest.mark.parametrize("word", ["Zoë", "André", "Jürgen", "Nuñez", "Åsne"])
def test_a_single_accent_is_first_of_all_a_western_european_one(word):
    content = f"\n{word}\nAnna\nBob\n".encode("cp1252")
    assert fitting_encodings(content, "utf-8")[0].lines[0] == word


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("“Yes,” she said—it’s the owl’s nest… don’t", "cp1252"),
        ("© 2020 Müller", "cp1252"),
        ("€ 5 – naïve", "cp1252"),
        ("l’été d’Anaïs", "mac-roman"),
        ("«Привет», — сказал он…", "cp1251"),
    ],
)
def test_signs_in_their_places_speak_for_an_encoding(text, encoding):
    guesses = fitting_encodings(f"\n{text}\n".encode(encoding), "utf-8")
    assert (guesses[0].name, guesses[0].lines) == (encoding, (text,))


def test_the_lines_that_are_shown_are_those_in_which_the_encodings_differ():
    text = "\nAndré\n" * 50 + "Jiří Dvořák\nŁódź\n"
    guesses = fitting_encodings(text.encode("cp1250"), "utf-8")
    assert guesses[0].name == "cp1250"
    assert {"Jiří Dvořák", "Łódź"} & set(guesses[0].lines)


def test_no_two_read_alike():
    guesses = fitting_encodings("Zoë\nJürgen\n".encode("cp1252"), "utf-8")
    assert len({guess.lines for guess in guesses}) == len(guesses)


@pytest.mark.parametrize("encoding", SAMPLES)
def test_a_text_cut_anywhere_still_has_guesses(encoding):
    content = SAMPLES[encoding].encode(encoding) * 3
    for size in range(1, len(content), 7):
        cut = content[:size]
        if not cut.isascii():
            lines = [guess.lines for guess in fitting_encodings(cut, "utf-8")]
            assert len(set(lines)) == len(lines)


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
