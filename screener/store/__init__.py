"""The store of a study: SQLite in its folder, or PostgreSQL by URL; the only home of SQLAlchemy."""
