"""PostgreSQL's protocol, version 3: https://www.postgresql.org/docs/18/protocol.html."""
