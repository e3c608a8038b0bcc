def stream_rows(connection, page):
    offset = 0
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings ORDER BY id LIMIT ? OFFSET ?",
            (page, offset),
        ).fetchall()
        if not rows:
            break
        yield from rows
        offset += page
