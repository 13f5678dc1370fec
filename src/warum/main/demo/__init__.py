"""``warum demo``: everything running, with a sample network that lives."""
