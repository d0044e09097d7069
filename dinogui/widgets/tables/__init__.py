"""Tables in the look of cards: quiet headings, a hairline above each row, and no other lines.

They know nothing of networks. Begin with `quiet_table`.
"""
