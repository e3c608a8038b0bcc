import time
from functools import wraps


def retry(attempts, on, longest):
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            retries = 0
            while True:
                try:
                    return func(*args, **kwargs)
                except on:
                    retries += 1
                    if retries > attempts:
                        raise
                    time.sleep(min(2 ** (retries - 1), longest))

        return wrapper

    return decorator
