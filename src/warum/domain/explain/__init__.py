"""An explanation as a record of codes and numbers (``record``), and the words that are made of it (``tell``): nothing
is said that the record does not hold."""
