"""What the ports stand on: PostgreSQL, Parquet files, HTTP deliveries. Only ``main`` chooses among them."""
