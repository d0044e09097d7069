"""How often letters and characters occur in languages, by which the encoding of a text is told.

`letter_frequencies` has those of alphabets, `common_characters` those of Chinese, Japanese and
Korean, and `signs` says where signs usually stand. Only `engine.data.reading.encoding_guesses`
imports this package.
"""
