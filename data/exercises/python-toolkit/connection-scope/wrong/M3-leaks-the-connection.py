import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
            except Exception:
                connection.rollback()
                raise
            connection.close()
            return result

        return wrapper

    return decorate
