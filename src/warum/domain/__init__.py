"""The rules of the field as pure functions over frozen records. Time and randomness are arguments."""
