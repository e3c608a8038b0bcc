def cached(run, seconds, now):
    """Return a function that runs a query and remembers its rows for less than `seconds`."""
    found = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key not in found or now() - found[key][0] >= seconds:
            found[key] = (now(), run(sql, *parameters))
        return list(found[key][1])

    return ask
