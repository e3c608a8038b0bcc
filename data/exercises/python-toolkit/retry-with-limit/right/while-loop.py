import time
from functools import wraps


def retry(attempts, on, longest):
    def decorator(func):
        @wraps(func)
        def inner(*args, **kwargs):
            attempt = 1
            pause = 1
            while True:
                try:
                    result = func(*args, **kwargs)
                except on:
                    if attempt == attempts:
                        raise
                else:
                    return result
                time.sleep(float(min(pause, longest)))
                attempt += 1
                pause *= 2

        return inner

    return decorator
