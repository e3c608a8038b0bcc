import functools


def connected(connect):
    connection = connect()

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
            except Exception:
                connection.rollback()
                raise
            finally:
                connection.close()
            return result

        return wrapper

    return decorate
