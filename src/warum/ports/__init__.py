"""What the use cases need of the outside world, as protocols. Adapters implement them; ``main`` chooses."""
