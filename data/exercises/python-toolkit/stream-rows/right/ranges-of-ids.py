def stream_rows(connection, page):
    """Ranges of ids up to the highest one: a range without rows is no end."""
    (highest,) = connection.execute("SELECT max(id) FROM bookings").fetchone()
    for start in range(1, (highest or 0) + 1, page):
        between = "SELECT id, total_cents FROM bookings WHERE id BETWEEN ? AND ? ORDER BY id"
        yield from connection.execute(between, (start, start + page - 1))
