"""Where training data come from: a file, several files, a folder, an archive, the clipboard.

A `DataSource` yields its parts as bytes, and knows nothing of what they mean. `source_of` makes
one from the words that a person has typed, dropped or chosen.

`engine.data.reading` reads sources. This package imports only `engine.storage` and the modules
that read files. Begin reading with `data_source`.
"""
