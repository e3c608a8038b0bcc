from contextlib import closing
from functools import wraps


def connected(connect):
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            with closing(connect()) as conn, conn:
                return func(conn, *args, **kwargs)

        return wrapper

    return decorator
