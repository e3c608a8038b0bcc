import time


def retry(attempts, on, longest):
    def decorator(func):
        def wrapper(*args, **kwargs):
            for attempt in range(1, attempts + 1):
                try:
                    return func(*args, **kwargs)
                except on:
                    if attempt == attempts:
                        raise
                    time.sleep(min(2 ** (attempt - 1), longest))

        return wrapper

    return decorator
