"""The guide's chunks as one looks them up: by id, by section, with those that belong together."""

from collections.abc import Iterator, Sequence

from tutor.guide.chunks import Chunk


class Passages:
    """All chunks of one guide, in reading order. Read-only: shared by all visitors."""

    def __init__(self, chunks: Sequence[Chunk]):
        """`chunks` in reading order."""
        self._chunks = {chunk.id: chunk for chunk in chunks}

    def __getitem__(self, id_: str) -> Chunk:
        return self._chunks[id_]

    def get(self, id_: str) -> Chunk | None:
        """The chunk of that id, if there is one."""
        return self._chunks.get(id_)

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self._chunks.values())

    def __len__(self) -> int:
        return len(self._chunks)

    def of(self, number: int) -> tuple[Chunk, ...]:
        """All chunks of a guide question."""
        return tuple(chunk for chunk in self if chunk.number == number)

    def section(self, number: int, section: str) -> tuple[Chunk, ...]:
        """The chunks of one section of a guide question."""
        return tuple(chunk for chunk in self.of(number) if chunk.section == section)

    def siblings(self, chunk: Chunk) -> tuple[Chunk, ...]:
        """The chunks that a section or follow-up was cut into, `chunk` among them."""
        return tuple(
            c for c in self.section(chunk.number, chunk.section) if c.heading == chunk.heading
        )
