"""Sessions of users: sealed in a JetStream key-value bucket, each used by one replica at a time."""
