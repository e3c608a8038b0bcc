def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache and now() - cache[key][0] > seconds:
            del cache[key]
        if key not in cache:
            cache[key] = (now(), run(sql, *parameters))
        return list(cache[key][1])

    return ask
