def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache:
            rows, last_used = cache[key]
            if now() - last_used < seconds:
                cache[key] = (rows, now())
                return list(rows)
        rows = run(sql, *parameters)
        cache[key] = (rows, now())
        return list(rows)

    return ask
