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
                raise
            finally:
                connection.close()
            connection.commit()
            return result

        return wrapper

    return decorate
