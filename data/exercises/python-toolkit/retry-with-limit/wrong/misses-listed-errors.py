import functools
import time


def retry(attempts, on, longest):
    types = on if isinstance(on, tuple) else (on,)

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(attempts):
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if type(error) not in types or attempt == attempts - 1:
                        raise
                    time.sleep(min(2**attempt, longest))

        return wrapper

    return decorate
