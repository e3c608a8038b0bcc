import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            delay = 1
            for attempt in range(1, attempts + 1):
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt == attempts:
                        raise
                time.sleep(delay)
                if delay < longest:
                    delay *= 2

        return wrapper

    return decorate
