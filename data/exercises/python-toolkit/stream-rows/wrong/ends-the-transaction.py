def stream_rows(connection, page):
    with connection:
        last = 0
        while rows := connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id > ? ORDER BY id LIMIT ?", (last, page)
        ).fetchall():
            yield from rows
            last = rows[-1][0]
