import functools


def connected(connect):
    """Return a decorator: a connection for each call, with a clear end for it and its changes."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
            except BaseException:  # Ctrl-C too
                connection.rollback()
                raise
            finally:
                connection.close()
            return result

        return wrapper

    return decorate
