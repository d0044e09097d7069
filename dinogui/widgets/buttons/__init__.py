"""The buttons of a window made of cards: buttons of actions, chips, segments and tabs.

They are painted with the colours of the palette, so that they follow a change of theme. Begin with
`painted_button`.
"""
