import functools
from contextlib import contextmanager


@contextmanager
def scope(connect):
    connection = connect()
    try:
        try:
            yield connection
        except Exception:
            connection.rollback()
            raise
        else:
            connection.commit()
    finally:
        connection.close()


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def inside(*args, **kwargs):
            with scope(connect) as connection:
                return function(connection, *args, **kwargs)

        return inside

    return decorate
