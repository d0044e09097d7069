"""dinogui.panels.model.model."""
