"""The log of receipts in this data folder: its keys and files, the thread that keeps it, and the commands about it."""
