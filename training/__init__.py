"""What the trained parts are made from, and how: conversations, and the reader that reads them."""
