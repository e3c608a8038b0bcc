import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                function(connection, *args, **kwargs)
                connection.commit()
            except Exception:
                connection.rollback()
                raise
            finally:
                connection.close()

        return wrapper

    return decorate
