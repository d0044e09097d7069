"""The dataset catalogue: public names, texts and melodies, and where to download them."""

from dinogui.datasets.data_set import DataFile, DataSet, DataSetKind
from dinogui.datasets.melodies import FOLK_TUNES, JAZZ_SOLOS
from dinogui.datasets.surnames import FOLDER, SURNAMES

_COURSE = (
    "https://raw.githubusercontent.com/Kulbear/deep-learning-coursera/"
    "5c59f99e8e3bfe2c1e977a46422146a2e09d04b8/Sequence%20Models/"
)
_KARPATHY = "https://raw.githubusercontent.com/karpathy/"


def _single(
    file_name: str,
    title: str,
    description: str,
    kind: DataSetKind,
    *,
    address: str,
    sha256: str,
    size: int,
) -> DataSet:
    """Return a data set of one file."""
    return DataSet(
        file_name, title, description, kind, (DataFile(file_name, address, sha256, size),)
    )


CATALOGUE: tuple[DataSet, ...] = (
    _single(
        file_name="dinos.txt",
        title="Dinosaurs of the course",
        description="1,536 names, as the course uses them. From Kulbear's copy of the course.",
        kind="names",
        address=_COURSE + "dinos.txt",
        sha256="ad6465621cf56c08f71d4fbb40cf7eab763f9df42c54cc460d6c4d86e9c927fb",
        size=19_909,
    ),
    _single(
        file_name="shakespeare.txt",
        title="The Sonnets",
        description="Shakespeare's poems, as the course uses them. Text in the public domain.",
        kind="text",
        address=_COURSE + "shakespeare.txt",
        sha256="1b454b67b44e6f367c83a17ed295c46c5d4a1173cf5d09161882af4041bae023",
        size=94_275,
    ),
    _single(
        file_name="tinyshakespeare.txt",
        title="Tiny Shakespeare",
        description="From Shakespeare's plays: the corpus of char-rnn. Text in the public domain.",
        kind="text",
        address=_KARPATHY
        + "char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
        sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        size=1_115_394,
    ),
    _single(
        file_name="names.txt",
        title="First names",
        description="32,033 first names of people. From Karpathy's makemore.",
        kind="names",
        address=_KARPATHY + "makemore/988aa59e4d8fefa526d06f3b453ad116258398d4/names.txt",
        sha256="0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
        size=228_145,
    ),
    DataSet(
        file_name=FOLDER,
        title="Surnames in 18 languages",
        description="20,050 surnames, each language a kind of names. From PyTorch's tutorial by "
        "Sean Robertson. MIT licence.",
        kind="names",
        files=SURNAMES,
        has_kinds=True,
    ),
    JAZZ_SOLOS,
    FOLK_TUNES,
)
"""The data sets that the window offers. The project itself does not contain them."""
