"""The edge: answers clicks, impressions and postbacks from memory and files, without a database on the path."""
