def retry(attempts, on, longest):
    """Return a decorator that calls a function again after an error.

    At most `attempts` calls, and again only after an exception of `on`: a type, or a tuple of
    types. Between two calls sleep 1, 2, 4, 8 … seconds, never more than `longest`. The last error
    goes to the caller. Arguments, result and name stay those of the function.
    """
    ...
