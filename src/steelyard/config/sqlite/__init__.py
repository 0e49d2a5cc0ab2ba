"""Django's SQLite, patient in short steps."""
