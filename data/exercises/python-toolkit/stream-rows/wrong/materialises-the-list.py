def stream_rows(connection, page):
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    rows = cursor.fetchall()
    for start in range(0, len(rows), page):
        yield from rows[start : start + page]
