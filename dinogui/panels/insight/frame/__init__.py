"""What the insight panels share: their base class, the colour maps, the map of cells, the pacing.

Only the insight panels import it. Begin with `insight_panel`.
"""
