"""Training data: from a file to names or text, their vocabulary, and the held-out split.

`reader` reads data from a source (`sources`) in small steps (`reading`) into a `Corpus` of names
(`corpus`), which may have kinds (`name_kinds`), or a `Text` (`text`), which may be documents
(`document_list`): its parts are recognised (`recognised_parts`), read and joined
(`names_of_parts`, `text_of_parts`). `preview` tells what would become of a file by its beginning,
`vocabulary` turns characters into indices, and `training_data` has what names and text share.

All other packages may import this one. It imports only `engine.storage`. Begin reading with
`reader`.
"""
