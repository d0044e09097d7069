"""The rows of a table: what separates cells, what encloses them, and what is not one of them.

`dialects` has those of CSV and its kin, `markdown` those of a table in Markdown. Only
`engine.data.reading` imports this package. Begin reading with `dialects`.
"""
