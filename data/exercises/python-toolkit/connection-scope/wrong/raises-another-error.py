import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
            except Exception as error:
                connection.rollback()
                raise RuntimeError(f"transaction failed: {error}") from error
            finally:
                connection.close()
            return result

        return wrapper

    return decorate
