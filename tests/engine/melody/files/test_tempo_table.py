import pytest

from engine.melody.errors import MelodyError
from engine.melody.files.tempo_table import is_tempo_table, read_tempos, solo_name

TABLE = (
    ",avgtempo,base_name,instrument,performer,recording_year,title\n"
    "a,218.8,A_FINAL,cl,Art Pepper,1979.0,Anthropology\n"
    'b,0,B_FINAL,ts,,1950,"Body, and Soul"\n'
    "c,,C_FINAL,,,,\n"
    "d,99.9,D_FINAL,,,,\ne,100,E_FINAL,,,,\nf,160,F_FINAL,,,,\ng,240,G_FINAL,,,,\n"
)


def test_tempos_and_labels_are_found_by_the_names_of_the_solos():
    solos = read_tempos("\ufeff" + TABLE)
    assert list(solos) == [f"{letter}_FINAL" for letter in "ABCDEFG"]
    pepper = solos["A_FINAL"]
    assert (pepper.tempo, pepper.title, pepper.year) == (218.8, "Anthropology", "1979")
    assert pepper.labels == (
        ("performer", "Art Pepper"),
        ("instrument", "cl"),
        ("tempo", "up"),
        ("decade", "1970s"),
    )
    assert solos["B_FINAL"].title == "Body, and Soul"


def test_a_tempo_of_0_or_none_is_not_known():
    solos = read_tempos(TABLE)
    assert solos["B_FINAL"].tempo is None
    assert solos["B_FINAL"].labels == (("instrument", "ts"), ("decade", "1950s"))
    assert solos["C_FINAL"].tempo is None
    assert solos["C_FINAL"].labels == ()


def test_styles_and_decades_are_known_where_the_table_has_them():
    solos = read_tempos(
        "base_name,avgtempo,style,recording_year\na,90,BEBOP,1946\nb,90,COOL,about 1950\n"
    )
    assert solos["a"].labels[1:] == (("style", "BEBOP"), ("decade", "1940s"))
    assert solos["b"].labels[1:] == (("style", "COOL"),)


def test_tempos_have_classes():
    solos = read_tempos(TABLE)
    classes = [solos[f"{letter}_FINAL"].labels[-1] for letter in "DEFG"]
    assert classes == [("tempo", name) for name in ("slow", "medium", "up", "fast")]


def test_a_table_of_solos_is_known_by_its_columns():
    assert is_tempo_table(TABLE)
    assert is_tempo_table('\ufeff"BASE_NAME", "avgtempo"\r\n')
    assert not is_tempo_table("name,tempo\n")
    assert not is_tempo_table("")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,tempo\na,1\n", "The table of solos needs the columns “base_name” and “avgtempo”."),
        ("base_name,avgtempo\na,quick\n", "The tempo in line 2 is “quick”, which is not a number."),
        ("base_name,avgtempo\na,-3\n", "The tempo in line 2 is -3 beats a minute."),
        ("base_name,avgtempo\na,inf\n", "The tempo in line 2 is inf beats a minute."),
        ("base_name,avgtempo\n" + "a" * 200_000, "The table cannot be read after line 1:"),
        ("base_name,avgtempo\na\n", None),
    ],
)
def test_a_table_that_cannot_be_read_is_said(text, sentence):
    if sentence is None:
        assert read_tempos(text)["a"].tempo is None
        return
    with pytest.raises(MelodyError) as said:
        read_tempos(text)
    assert str(said.value).startswith(sentence)


@pytest.mark.parametrize(
    "file_name", ["A_FINAL_solo.csv", "solos/A_FINAL_solo.csv", "C:\\solos\\A_FINAL.csv", "A_FINAL"]
)
def test_a_file_of_a_solo_has_its_name(file_name):
    assert solo_name(file_name) == "A_FINAL"
