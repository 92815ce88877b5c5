"""The text: the guide read, proofread, cut into chunks; knows nothing of search or models."""
