"""The command line and the embedded mode: real PostgreSQL, NATS and Caddy, and the services, from one command."""
