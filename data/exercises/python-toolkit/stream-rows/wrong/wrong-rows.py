def stream_rows(connection, page):
    last = 0
    while True:
        rows = connection.execute(
            """SELECT id, total_cents FROM bookings
            WHERE status = 'confirmed' AND id > ? ORDER BY id LIMIT ?""",
            (last, page),
        ).fetchall()
        if not rows:
            break
        yield from rows
        last = rows[-1][0]
