def cached(run, seconds, now):
    cache = {}
    times = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        rows = cache.get(key)
        if not rows or now() - times[key] >= seconds:
            rows = run(sql, *parameters)
            cache[key] = rows
            times[key] = now()
        return list(rows)

    return ask
