"""Everything that runs a model: the embedder, language models, and the files they are made of."""
