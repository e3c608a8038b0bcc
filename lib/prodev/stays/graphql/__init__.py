"""The GraphQL API of the booking service."""
