"""How data files are read: the dialog that shows and asks it, and the export of what was read.

Begin with `reading_options`, which opens the dialog. The dialog (`preview_dialog`) has a form with
the choices (`choices_form`) beside what they lead to (`preview_summary`, `preview_view`), or the
encodings that a file could have (`encoding_list`). `data_export` writes the data that the network
learns from. What was chosen for each file is remembered in `dinogui.session.data.reading_memory`.
"""
