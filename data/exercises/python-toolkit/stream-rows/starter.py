def stream_rows(connection, page):
    """Yield (id, total_cents) of every row of `bookings`, in the order of id.

    Hold about `page` rows at a time. Send nothing before the first row is asked for, and do not
    mind that a row is deleted after it has been given out. Leave the connection open.
    """
    ...
