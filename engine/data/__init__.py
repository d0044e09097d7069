"""Training data: from a file to names or text, their vocabulary, and the held-out split.

`reader` reads data from a source (`sources`) in small steps (`reading`) into a `Corpus` of names
(`corpus`) or a `Text` (`text`), which may be documents (`document_list`). `preview` tells what
would become of a file by its beginning, `vocabulary` turns characters into indices, and
`training_data` has what names and text share.

All other packages may import this one. It imports only `engine.storage`. Begin reading with
`reader`.
"""
