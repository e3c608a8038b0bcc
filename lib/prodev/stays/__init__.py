"""The booking service of the lessons: its generated data, and its Django application.

Nothing heavy is imported here: ``prodev.stays.dataset`` needs pandas, ``prodev.stays.web`` Django.
"""
