"""Use cases: one function each, one transaction each. They know ports, never adapters."""
