import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with connect() as connection:
                return function(connection, *args, **kwargs)

        return wrapper

    return decorate
