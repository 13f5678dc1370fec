"""Figures beside the records that people work with: programs, publishers, links, arms, and what a rule would cost."""
