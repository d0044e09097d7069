"""How often letters occur in the languages of each encoding, to tell which of them a text has.

Read in a wrong encoding, a text has letters, too, but not those that its language would have. The
tables below say only in which order of frequency the letters of a language stand. From that, their
frequencies follow well enough by the law of S. M. Gusein-Zade, "On the distribution of letters of
the Russian language by frequency of occurrence" (Problems of Information Transmission 24, 1988):
the letter of rank r among n has the share log((n + 1) / r) / n. It holds for other alphabets alike.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from engine.data.reading.frequencies.signs import usual_signs

_ASCII_LETTER = math.log(0.8) - 2.9
"""Of Latin languages, log of the mean frequency of letters without accents, in words with some."""

_ACCENTED = math.log(0.2)
_OTHER = -9.0
"""Log of the frequency of a letter that a language does not have."""

_SIGN = -3.0
"""Log of the frequency of a sign that may stand where it does."""


def _with_marks(letters: str, marks: str) -> str:
    """Put marks, by their code points, in place of the braces: no font shows them by themselves."""
    return letters.format(*(chr(int(mark, 16)) for mark in marks.split()))


_WESTERN = {
    "French": "éèàêçâîôûùëïœæÿ",
    "German": "üäöß",
    "Spanish": "óíáñéúü",
    "Portuguese": "ãçáéóõíêúôâà",
    "Italian": "àèòìùé",
    "Swedish": "äöåé",
    "Danish": "øåæéöäü",
    "Icelandic": "íáðéóþöúæý",
    "Estonian": "õäüöšž",
    "names of Western Europe": "éüöáíäóèñçåøëúãêïàôâæõîßùòìû",
}
_CENTRAL = {
    "Polish": "łęążśóćńź",
    "Czech": "íáéěřýžčšůúňťďó",
    "Slovak": "áíéčýžšúťôľňďóĺŕä",
    "Hungarian": "éáőóöíüúű",
    "Croatian": "čšžćđ",
    "Romanian": "ăîţşâ",
    "names of Central Europe": "áéíčšžóýłřěćöüúňęąśńőůđżťăźşţôűľäďâîëç",
}
_TURKISH = {"Turkish": "ışüöçğİâîû"}
_BALTIC = {
    "Lithuanian": "ėšųūžąįčę",
    "Latvian": "āīūēšņļžķģčŗ",
    "Estonian": "õäüöšž",
    "names of the Baltic": "āšėžīčūēųąņįļķõäüęģöł",
}
_VIETNAMESE = {"Vietnamese": _with_marks("{}{}{}ưôâđêơ{}ăàáéíóúùè{}", "301 300 323 309 303")}
_CYRILLIC = {
    "Russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "Ukrainian": "оаниітверслкдмпузябьгчйхїцжшєющфґ",
    "Bulgarian": "аоеитнврсдклпмзугъбяжчхшцйщфюь",
    "Serbian": "аоиенрстјувдкмлпгзбчшћжцњхљфђџ",
}
_GREEK = {"Greek": "αοιετσνηυρπκμλςωγδάίόέχθήφύώβξζψϊϋΐΰ"}
_HEBREW = {"Hebrew": "יוהלארבשתמנחדפקעכגטסזםןצךףץ"}
_ARABIC = {"Arabic": "اليمنورتبهعدسفةكقأحجشطصخإءىضذزثئظغآؤپچگژک"}
_THAI = {
    "Thai": _with_marks(
        "า{}นร{}อกเง{}มย{}ลวด{}ทตสะป{}บคหแ{}{}จพ{}{}ชำขใไโผถซณญภธศษฉฟฝฐฒฆฬฎฏฮฌฤฑ{}ๆ{}{}",
        "E48 E49 E31 E35 E34 E38 E39 E47 E37 E4C E36 E4A E4B",
    )
}

_LATIN = {**_WESTERN, **_CENTRAL, **_TURKISH, **_BALTIC, **_VIETNAMESE}

_LANGUAGES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("cp1252", "mac-roman", "iso-8859-15", "cp850", "cp437"), _WESTERN),
    **dict.fromkeys(("cp1250", "iso-8859-2", "cp852"), _CENTRAL),
    **dict.fromkeys(("cp1254", "cp857"), _TURKISH),
    "cp1257": _BALTIC,
    "cp1258": _VIETNAMESE,
    **dict.fromkeys(
        ("cp1251", "koi8-r", "koi8-u", "cp866", "iso-8859-5", "mac-cyrillic"), _CYRILLIC
    ),
    **dict.fromkeys(("cp1253", "iso-8859-7", "cp737"), _GREEK),
    **dict.fromkeys(("cp1255", "cp862"), _HEBREW),
    **dict.fromkeys(("cp1256", "iso-8859-6"), _ARABIC),
    "cp874": _THAI,
}
"""The languages that are written in each encoding of one byte a letter."""


def log_frequency(words: Iterable[str], encoding: str) -> float:
    """Return how usual the letters of words are in the likeliest language of an encoding.

    Parameters
    ----------
    words : iterable of str
        Words with letters that are not ASCII.
    encoding : str
        The name of a codec of one byte a letter.

    Returns
    -------
    float
        The sum of the logs of the frequencies of all letters, in nats.
    """
    counts: Counter[str] = Counter()
    n_signs = 0
    for word in words:
        signs = usual_signs(word)
        n_signs += len(signs)
        counts.update(_folded(letter) for letter in word if letter not in signs)
    sums = []
    for language in _LANGUAGES[encoding]:
        frequencies = _log_frequencies(language)
        bare = _ASCII_LETTER if language in _LATIN else _OTHER
        sums.append(
            sum(n * frequencies.get(c, bare if c.isascii() else _OTHER) for c, n in counts.items())
        )
    return max(sums) + n_signs * _SIGN


def _folded(letter: str) -> str:
    """Return a letter in lower case, if that is a single one."""
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


@cache
def _log_frequencies(language: str) -> dict[str, float]:
    """Return the log of the frequency of each letter; of Latin ones, only of those with accents."""
    letters, base = _LATIN.get(language), _ACCENTED
    if letters is None:
        others = {**_CYRILLIC, **_GREEK, **_HEBREW, **_ARABIC, **_THAI}
        letters, base = others[language], 0.0
    n = len(letters)
    shares = {letter: math.log((n + 1) / rank) for rank, letter in enumerate(letters, start=1)}
    total = sum(shares.values())
    return {letter: base + math.log(share / total) for letter, share in shares.items()}
