"""dinogui.panels.loss."""
