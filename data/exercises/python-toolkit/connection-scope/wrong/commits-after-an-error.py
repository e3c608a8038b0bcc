import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                return function(connection, *args, **kwargs)
            finally:
                connection.commit()
                connection.close()

        return wrapper

    return decorate
