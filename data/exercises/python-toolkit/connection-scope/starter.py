def connected(connect):
    """Return a decorator that opens a connection for each call of a function.

    The function gets the connection of `connect()` as its first argument. If it returns, commit; if
    it raises, roll back. Close in all cases. Result and error go to the caller, the name stays.
    """
    ...
