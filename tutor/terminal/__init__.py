"""The command line's two other ways to talk: a terminal's text, and lines of JSON."""
