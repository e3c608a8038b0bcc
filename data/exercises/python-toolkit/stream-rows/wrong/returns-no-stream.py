def stream_rows(connection, page):
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    while rows := cursor.fetchmany(page):
        for row in rows:
            return row
