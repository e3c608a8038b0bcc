def stream_rows(connection, page):
    last_id = 0
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id >= ? ORDER BY id LIMIT ?",
            (last_id, page),
        ).fetchall()
        yield from rows
        if len(rows) < page:
            break
        last_id = rows[-1][0]
