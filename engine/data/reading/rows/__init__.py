"""The rows of a table: what separates cells, what encloses them, and what is not one of them.

`dialects` recognises how a table is written; `dialect` says what each way to write one has. These
ways are `csv_rows` (CSV and its kin), `markdown`, `spaced_columns` (aligned, or with gaps) and
`counted_names` (a number beside each name). Only `engine.data.reading` imports this package. Begin
reading with `dialect`.
"""
