"""Names that the network writes: the list of candidates, and the panels around them.

`names` is the column at the right of the window; `names_form` says what to write, `names_table`
shows what was written. The folders are panels that can be docked: `write_together`, `kept_names`
and `memory_meter`. Only the window and the registry of panels import from here. Begin with `names`.
"""
