"""Where data say which kinds their names have: in the names of files, or in a column.

`found_kinds` brings the kinds of both to the titles that a person wants. The modules import nothing
of `engine.data.reading` but `layout`; `columns` and `engine.data.parts.names_of_parts` use them.
"""
