import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            result = None
            attempt = 0
            while not result and attempt < attempts:
                attempt += 1
                try:
                    result = function(*args, **kwargs)
                except on:
                    if attempt == attempts:
                        raise
                    time.sleep(min(2 ** (attempt - 1), longest))
            return result

        return wrapper

    return decorate
