"""Data loaders: the order in which a run reads its data, and what of it is held out.

`data_loader` holds the protocol and chooses between `name_loader`, `document_loader` and
`text_loader`. `epoch_order`
is the order in which names and windows are read. Begin reading with `data_loader`.

Imports `storage`, `data`, `nn` and `evaluation`, and of `training` the recipes and settings;
`training` and what lies above it may import it.
"""
