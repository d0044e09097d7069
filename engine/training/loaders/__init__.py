"""Data loaders: the order in which a run reads its data, and what of it is held out.

`data_loader` holds the protocol and chooses between `name_loader`, `passage_loader`,
`document_loader` and `text_loader`. `example_loader` is what the first two have in common, and
`epoch_order` the order in which examples are read. Begin reading with `data_loader`.

Imports `storage`, `data`, `nn` and `evaluation`, and of `training` the recipes and settings;
`training` and what lies above it may import it.
"""
