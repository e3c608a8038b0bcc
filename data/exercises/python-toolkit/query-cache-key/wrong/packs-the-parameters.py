def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key not in cache or now() - cache[key][0] >= seconds:
            cache[key] = (now(), run(sql, parameters))
        return list(cache[key][1])

    return ask
