"""Questions that people ask of what happened, answered from counts and rows alone; a module for each. They know no
clock and no database, and give an ``Explanation``."""
