QUERY_CACHE = {}


def cached(run, seconds, now):
    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in QUERY_CACHE:
            rows, stored_at = QUERY_CACHE[key]
            if now() - stored_at < seconds:
                return list(rows)
        rows = run(sql, *parameters)
        QUERY_CACHE[key] = (rows, now())
        return list(rows)

    return ask
