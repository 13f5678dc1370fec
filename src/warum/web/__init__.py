"""REST and pages, both made from the table of operations."""
