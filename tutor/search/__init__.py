"""What the guide has on a turn: an index on disk, a word search, topics, and a gate."""
