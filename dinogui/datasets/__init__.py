"""The dataset catalogue: public lists of names and texts, and their download.

`catalogue` lists the data sets, `data_folder` knows which of them have been downloaded, and
`downloader` downloads one and checks it. `data_dialog` shows them all, with one `data_row` each.

Begin reading with `catalogue`.

May be imported by `window` and `app`. Imports no other package of the window; `catalogue`,
`data_folder` and `downloader` import no widgets either.
"""
