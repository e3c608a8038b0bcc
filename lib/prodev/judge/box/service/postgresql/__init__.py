"""A database backend of Django whose connections were opened before the walls stood."""
