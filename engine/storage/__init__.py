"""Reading and writing files safely, whatever they hold.

`files` writes a file whole or not at all, `archive` reads and writes arrays and JSON in one file,
`file_lock` lets one process at a time work on something, `csv_text` writes tables that spreadsheets
do not take for formulas, and `validated_mapping` checks values that were read back before anything
uses them. Every other package may import this one; it imports none of them. Begin with `files`.
"""
