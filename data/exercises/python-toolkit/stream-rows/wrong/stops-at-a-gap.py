def stream_rows(connection, page):
    start = 1
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id >= ? AND id < ? ORDER BY id",
            (start, start + page),
        ).fetchall()
        if not rows:
            break
        yield from rows
        start += page
