def cached(run, seconds, now):
    query_cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key not in query_cache:
            query_cache[key] = run(sql, *parameters)
        return list(query_cache[key])

    return ask
