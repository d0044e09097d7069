"""Small widgets that know nothing of networks, runs or sessions.

Higher packages may import them; they import only Qt, `dinogui.common` and `dinogui.startup`. Each
module holds one widget and can be read on its own. Begin with `knob` or `chart`.
"""
