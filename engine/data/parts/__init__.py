"""The parts of a source: what each was taken for, and all of them as one list or one text.

`recognised_parts` says what they are, `names_of_parts` and `text_of_parts` read them. Only
`engine.data.reader` and `engine.data.preview`, where to begin, import it.
"""
