def stream_rows(connection, page):
    """SQLite itself makes one row after the other: only one is held."""
    yield from connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
