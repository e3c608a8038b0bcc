def stream_rows(connection, page):
    cursor = connection.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    # the expression is lazy, but the line above is not
    return ((number, cents) for number, cents in cursor)
