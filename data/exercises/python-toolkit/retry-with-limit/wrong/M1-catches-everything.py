import time
from functools import wraps


def retry(attempts, on, longest):
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            for attempt in range(attempts):
                try:
                    return func(*args, **kwargs)
                except Exception as e:
                    print(f"Attempt {attempt + 1} failed: {e}")
                    if attempt == attempts - 1:
                        raise
                    time.sleep(min(2**attempt, longest))

        return wrapper

    return decorator
