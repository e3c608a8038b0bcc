"""The REST API of the booking service."""
