"""Keeps the vectors of the corpus beside its texts: python -m training.vectors (make train).

Only texts that are new are embedded; a category whose texts are the same keeps its file.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from tutor.engine.embed import MiniLM
from tutor.engine.models import embedder_dir
from tutor.guide.answers import read_answers
from tutor.guide.chunks import cut_answers, cut_guide
from tutor.guide.read import read_guide
from tutor.search.index import embed_all, entries_of, questions_of
from tutor.search.recalled import FILE, Recalling, key_of, packed, read_kept, write_kept
from tutor.settings import read_settings


def main(argv: Sequence[str] | None = None) -> None:
    """Embed what is new, write the files that change."""
    argparse.ArgumentParser(prog="python -m training.vectors").parse_args(argv)
    settings = read_settings()
    guide = read_guide(settings.corpus)
    embedder = MiniLM(*embedder_dir(settings.home))
    chunks = cut_guide(guide, embedder.count, embedder.window)
    written = cut_answers(guide, read_answers(guide.categories))
    texts: dict[str, dict[str, None]] = {}
    for entry in [*entries_of(chunks), *questions_of(written)]:
        texts.setdefault(entry.chunk.category, {})[entry.text] = None
    recalling = Recalling(embedder, settings.corpus)
    before = {int(key) for kept in read_kept(settings.corpus, embedder.name) for key in kept.keys}
    for category, found in sorted(texts.items()):
        path = settings.corpus / category / FILE
        keys = {key_of(text) for text in found}
        if path.exists():
            with np.load(path, allow_pickle=False) as data:
                if str(data["embedder"]) == embedder.name and set(map(int, data["keys"])) == keys:
                    continue
        vectors = embed_all(list(found), recalling)
        write_kept(path, embedder.name, packed(list(found), vectors))
        print(f"{category}: {len(found)} texts, {len(keys - before)} of them new", flush=True)


if __name__ == "__main__":
    main()
