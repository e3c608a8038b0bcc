"""What an answer's process gives up before it sees a line of the answer.

Each layer is a file, and may be missing: limits everywhere; seccomp, Landlock and namespaces where
the system has them.
"""
