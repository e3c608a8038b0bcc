def stream_rows(connection, page):
    last_id = 0
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id > ? LIMIT ?",
            (last_id, page),
        ).fetchall()
        if not rows:
            break
        for row in rows:
            yield row
            last_id = row[0]
