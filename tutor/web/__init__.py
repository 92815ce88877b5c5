"""The page: layout, conversation, sources, and the server behind it."""
