def cached(run, seconds, now):
    cache = {}
    started = now()

    def ask(sql, *parameters):
        nonlocal started
        if now() - started >= seconds:
            cache.clear()
            started = now()
        key = (sql, parameters)
        if key not in cache:
            cache[key] = run(sql, *parameters)
        return list(cache[key])

    return ask
