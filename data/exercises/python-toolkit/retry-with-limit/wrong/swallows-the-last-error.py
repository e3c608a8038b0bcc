import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on as error:
                    print("attempt", attempt + 1, "failed:", error)
                    if attempt + 1 < attempts:
                        time.sleep(min(2**attempt, longest))
            print("giving up")
            return None

        return wrapper

    return decorate
