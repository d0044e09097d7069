"""dinogui.panels.names.names."""
