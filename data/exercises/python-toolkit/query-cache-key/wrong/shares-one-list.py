def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache and now() - cache[key][0] < seconds:
            return cache[key][1]
        rows = run(sql, *parameters)
        cache[key] = (now(), rows)
        return rows

    return ask
