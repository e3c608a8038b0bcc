import functools
from contextlib import closing


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with closing(connect()) as connection:
                try:
                    return function(connection, *args, **kwargs)
                except Exception:
                    connection.rollback()
                    raise

        return wrapper

    return decorate
