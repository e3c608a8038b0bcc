import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(attempts):
                time.sleep(min(2**attempt, longest))
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt == attempts - 1:
                        raise

        return wrapper

    return decorate
