import functools
from contextlib import ExitStack


class connected:  # noqa: N801 - it is used as a decorator
    """A decorator whose endings lie on a stack: the last one pushed runs first."""

    def __init__(self, connect):
        self.connect = connect

    def __call__(self, function):
        def call(*args, **kwargs):
            with ExitStack() as stack:
                connection = self.connect()
                stack.callback(connection.close)
                stack.push(functools.partial(self.end, connection))
                return function(connection, *args, **kwargs)

        return functools.update_wrapper(call, function)

    @staticmethod
    def end(connection, kind, *_):
        if kind is None:
            connection.commit()
        else:
            connection.rollback()
