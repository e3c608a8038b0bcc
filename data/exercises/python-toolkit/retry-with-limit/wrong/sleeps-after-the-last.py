import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            last_error = None
            delay = 1
            for _ in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on as error:
                    last_error = error
                    time.sleep(min(delay, longest))
                    delay *= 2
            raise last_error

        return wrapper

    return decorate
