def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = sql + ":" + ",".join(str(p) for p in parameters)
        if key in cache:
            rows, stored_at = cache[key]
            if now() - stored_at < seconds:
                return list(rows)
        rows = run(sql, *parameters)
        cache[key] = (rows, now())
        return list(rows)

    return ask
