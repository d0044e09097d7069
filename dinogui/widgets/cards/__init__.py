"""The parts of a window made of cards: cards, their pages and fields, rows of parts, splitters.

They are painted with the colours of the palette, so that they follow a change of theme. Begin with
`card`.
"""
