def stream_rows(connection, page):
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    for row in cursor.fetchmany(page):
        yield row
