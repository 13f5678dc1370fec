"""Where everything is put together: the only code that reads the environment, the clock or randomness."""
