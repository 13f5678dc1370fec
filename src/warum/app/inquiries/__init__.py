"""Questions about what happened, as operations: a module for each, loaded when it is asked, and one line each in
``table``. They read rows and change nothing."""
