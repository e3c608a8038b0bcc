import functools
import sqlite3


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = connect()
            try:
                result = function(connection, *args, **kwargs)
                connection.commit()
            except sqlite3.Error:
                connection.rollback()
                raise
            finally:
                connection.close()
            return result

        return wrapper

    return decorate
