import functools
from contextlib import closing


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with closing(connect()) as connection:
                result = function(connection, *args, **kwargs)
                connection.commit()
                return result

        return wrapper

    return decorate
