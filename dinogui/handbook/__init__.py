"""The window that shows the handbook of ``resources/docs``.

`pages` knows the pages and their contents and searches them, without Qt. `page_view` draws one
page. `handbook_window` puts contents, page and search together: begin there.

The main window and the panels may import this package. It imports nothing of the rest of
`dinogui`, so a panel can open its own page.
"""
