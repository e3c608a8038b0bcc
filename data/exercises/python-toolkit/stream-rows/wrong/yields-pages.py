def stream_rows(connection, page):
    last = 0
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id > ? ORDER BY id LIMIT ?",
            (last, page),
        ).fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]
