"""Where training data come from: files and other sources, each as parts of bytes.

This package imports only `engine.storage` and `engine.data.training_data`. Begin reading with
`data_source`.
"""
