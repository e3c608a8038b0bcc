"""Real systems for the lessons: find or start a private one, or say how to get it.

Nothing heavy is imported here: each system has a file of its own, and ``prodev.services.systems``
lists them.
"""
