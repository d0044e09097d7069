"""The melodies that can be downloaded: jazz solos, and folk tunes."""

from dinogui.datasets.data_set import DataFile, DataSet

_JAZZOMAT = (
    "https://raw.githubusercontent.com/jazzomat/raw_data/"
    "2ef28e369d82a8212ae36cd545e8ea0960bcf30f/wjazzd_v_1_2/"
)
_NOTTINGHAM = (
    "https://raw.githubusercontent.com/jukedeck/nottingham-dataset/"
    "0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f/ABC_cleaned/"
)

JAZZ_SOLOS = DataSet(
    file_name="jazz",
    title="Weimar Jazz Database",
    description="299 transcribed jazz solos, 264 of them with their tempo. From the Jazzomat "
    "Research Project, Hochschule für Musik Franz Liszt Weimar. Open Database License 1.0.",
    kind="melodies",
    files=(
        DataFile(
            path="jazz/Weimar Jazz Database.zip",
            address=_JAZZOMAT + "score/score_csv.zip",
            sha256="22069c1dc49d8e45a9393592ed3ea7feb394d12ca9ee72342758ea2f3f3779b7",
            size=1_852_653,
        ),
        DataFile(
            path="jazz/Weimar Jazz Database.csv",
            address=_JAZZOMAT + "pandas_dataframes_csv/df_solos.csv",
            sha256="5966285050ddca44be8e5c480361b297f9a48e36ecbf842626bc05c14683c791",
            size=43_535,
        ),
    ),
)
"""Transcriptions of improvised solos: pitch, onset and duration of each note, played freely."""

FOLK_TUNES = DataSet(
    file_name="abc",
    title="Jigs and waltzes",
    description="Folk tunes in ABC notation, from the Nottingham Music Database as cleaned by "
    "Jukedeck. GPL-3.",
    kind="melodies",
    files=(
        DataFile(
            path="abc/jigs.abc",
            address=_NOTTINGHAM + "jigs.abc",
            sha256="5bb6f621e443bde552540810e3ea53e53531fd22258736e338d795e7a5bdcaf5",
            size=129_665,
        ),
        DataFile(
            path="abc/waltzes.abc",
            address=_NOTTINGHAM + "waltzes.abc",
            sha256="ffa773d012756be17784ab4a84e0e4618f316be5c6f244f9d60c06b23cd812c6",
            size=21_490,
        ),
    ),
)
"""Written with bar lines and keys."""
