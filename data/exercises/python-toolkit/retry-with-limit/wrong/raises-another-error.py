import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt < attempts - 1:
                        time.sleep(min(2**attempt, longest))
            raise Exception(f"{function.__name__} failed after {attempts} attempts")

        return wrapper

    return decorate
