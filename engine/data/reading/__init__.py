"""From bytes to names or text, in small pure steps: none of them knows files or a window.

A file's bytes are decoded (`encodings`), its characters are cleaned (`characters`), it is
recognised as one of the layouts (`registry`), whose module takes it apart (`name_lists`,
`tables` with `rows`, `json_values`, `documents`), and its letters are lower-cased (`casing`).
`choices` says what a person has chosen instead of what is recognised, and `report` says what each
step did. Which kinds the names have is found in `kinds`; which encodings a file could have, by its
letters, in `encoding_guesses` with `frequencies`.

The modules import `engine.data.training_data`, `engine.data.vocabulary`, `engine.data.name_kinds`
and `engine.storage` only, and what lists names in a sentence, `engine.data.sources.kinds_of_file`.
`engine.data.parts` puts the steps together. Begin reading with `layout`.
"""
