"""dinogui.panels.text."""
