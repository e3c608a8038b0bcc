def stream_rows(connection, page):
    seen = {}
    last = 0
    while True:
        rows = connection.execute(
            "SELECT id, total_cents FROM bookings WHERE id >= ? ORDER BY id LIMIT ?",
            (last, page + 1),
        ).fetchall()
        new = [(number, cents) for number, cents in rows if number not in seen]
        if not new:
            break
        for number, cents in new:
            seen[number] = cents
            yield number, cents
        last = number
