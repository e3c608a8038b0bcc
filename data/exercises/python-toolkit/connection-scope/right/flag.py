import functools


def connected(connect):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            worked = False
            connection = connect()
            try:
                value = function(connection, *args, **kwargs)
                worked = True
                return value
            finally:
                try:
                    end = connection.commit if worked else connection.rollback
                    end()
                finally:
                    connection.close()

        return wrapper

    return decorate
