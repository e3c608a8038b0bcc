def stream_rows(connection, page):
    query = "SELECT id, total_cents FROM bookings WHERE id > ? ORDER BY id LIMIT ?"
    rows = connection.execute(query, (0, page)).fetchall()
    while len(rows) == page:
        yield from rows
        rows = connection.execute(query, (rows[-1][0], page)).fetchall()
