def cached(run, seconds, now):
    """Return a function `(sql, *parameters)` that remembers the rows of `run(sql, *parameters)`.

    The same question gets the same rows without a new `run` while they are less than `seconds`
    old by the clock `now()`. Each caller gets a list of its own. An error is not remembered.
    """
    ...
