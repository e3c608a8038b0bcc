BATCH = 1000


def stream_rows(connection, page):
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    while True:
        rows = cursor.fetchmany(BATCH)
        if not rows:
            break
        yield from rows
