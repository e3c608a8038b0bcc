def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache and now() - cache[key][1] < seconds:
            return cache[key]
        rows = run(sql, *parameters)
        cache[key] = (list(rows), now())
        return rows

    return ask
