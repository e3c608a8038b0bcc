import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
            except Exception:
                connection.rollback()
                connection.close()
                raise
            connection.commit()
            connection.close()
            return result

        return wrapper

    return decorate
