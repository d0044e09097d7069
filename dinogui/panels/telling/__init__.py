"""Panels about networks that tell the kinds of names."""
