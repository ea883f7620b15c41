"""`/pronote/v1/…`: everything that GraphQL reads and writes, as plain REST with problem details."""
