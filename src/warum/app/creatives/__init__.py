"""Creatives that publishers' pages show, and the slots that show them."""
