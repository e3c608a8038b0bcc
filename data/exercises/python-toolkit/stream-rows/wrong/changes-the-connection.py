import sqlite3


def stream_rows(connection, page):
    connection.row_factory = sqlite3.Row
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    while rows := cursor.fetchmany(page):
        for row in rows:
            yield row["id"], row["total_cents"]
