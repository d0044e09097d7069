"""Training data: from a file to names or text, their vocabulary, and the held-out split.

`input_formats` recognises a file and reads it into a `Corpus` of names (`corpus`) or a `Text`
(`text`). `text_file` reads and decodes files, `vocabulary` turns characters into indices, and
`training_data` has what names and text share.

All other packages may import this one. It imports only `engine.storage`. Begin reading with
`input_formats`.
"""
