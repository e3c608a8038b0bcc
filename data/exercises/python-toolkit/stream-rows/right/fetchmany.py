from functools import partial
from itertools import chain


def stream_rows(connection, page):
    cursor = connection.cursor()
    cursor.execute("SELECT id, total_cents FROM bookings ORDER BY id")
    pages = iter(partial(cursor.fetchmany, page), [])
    yield from chain.from_iterable(pages)
