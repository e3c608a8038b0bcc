PAGE = """
    SELECT id, total_cents FROM bookings
    WHERE id > ? ORDER BY id LIMIT ?
"""


def stream_rows(connection, page):
    """Yield (id, total_cents) in the order of id; each page begins behind the last one's end."""
    last = 0
    while rows := connection.execute(PAGE, (last, page)).fetchall():
        yield from rows
        last, _ = rows[-1]
