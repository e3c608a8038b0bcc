import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    function(*args, **kwargs)
                    break
                except on:
                    attempt += 1
                    if attempt == attempts:
                        raise
                    time.sleep(min(2 ** (attempt - 1), longest))

        return wrapper

    return decorate
