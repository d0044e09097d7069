"""The dataset catalogue: public lists of names and texts, and their download.

`catalogue` lists the data sets (`data_set`), `data_folder` knows which of them have been
downloaded, and `downloader` downloads one, file by file (`file_downloader`), and checks it.
`data_dialog` shows them all, with one `data_row` each.

Begin reading with `catalogue`.

May be imported by `window` and `app`. Imports no other package of the window; `data_dialog`
and `data_row` alone import widgets.
"""
