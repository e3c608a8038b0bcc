from contextlib import closing


def stream_rows(connection, page):
    with closing(connection):
        cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
        while rows := cursor.fetchmany(page):
            yield from rows
