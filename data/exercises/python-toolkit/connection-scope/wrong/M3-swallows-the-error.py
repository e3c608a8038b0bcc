import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
                return result
            except Exception as error:
                connection.rollback()
                print(f"Database error: {error}")
            finally:
                connection.close()

        return wrapper

    return decorate
