from engine.data.reading.report import ReadingReport


def test_the_sentence_says_what_was_done_and_how_to_change_it():
    report = ReadingReport(
        "list.csv",
        "table",
        "names",
        "a table of 3 columns",
        details=("The names are in column 2, “name”.",),
        options=("layout", "column", "weights"),
        characters=(("byte order mark", 2), ("line end", 1)),
        dropped=(("comment", 3), ("line without a mark", 2)),
        compatibility=("ﬁ",),
    )
    assert report.sentence() == (
        "“list.csv” is read as a table of 3 columns. The names are in column 2, “name”. "
        "Dropped: 2 byte order marks, 3 comments, 2 lines without a mark. "
        "Replaced: 1 unusual line end. Kept as they are: ﬁ, which are other symbols in a special "
        "form. Change this with --layout, --column or --weights."
    )
    assert not report.is_plain
    assert report.lines()[0] == "A table of 3 columns, in utf-8."
    assert report.lines()[-1] == "The letters are lower-cased."


def test_a_plain_list_needs_no_words_but_an_encoding_does():
    plain = ReadingReport("list.txt", "names", "names", "a list with one name per line")
    assert plain.is_plain
    wide = ReadingReport("list.txt", "names", "names", plain.taken_for, encoding="utf-16-le")
    assert not wide.is_plain
    assert "as a list with one name per line, in utf-16-le. " in f"{wide.sentence()} "
