"""What LlamaIndex gives out of the box, for comparison: its splitter, Chroma, its chat engine.

The same guide, the same embedder, the same model and the same number of tokens; everything else is
the library's default. It has no refusal and no topics of its own: a topic counts as found when a
retrieved chunk comes from its chapter.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.chat_engine import CondensePlusContextChatEngine
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from tutor.engine.embed import Embedder
from tutor.engine.generate import Message
from tutor.engine.llama_index import EngineLLM
from tutor.guide.read import Guide

RETRIEVED = 8


class SameEmbedding(BaseEmbedding):
    """The tutor's embedder as LlamaIndex wants one."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder):
        """The embedder is shared, not copied."""
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embedder.embed([text])[0].tolist()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed(texts).tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class Baseline:
    """A chat over the guide with LlamaIndex's defaults."""

    def __init__(self, guide: Guide, embedder: Embedder, llm: EngineLLM | None, folder: Path):
        """Splits and embeds the guide into a Chroma collection in `folder`."""
        documents = [
            Document(
                text="\n\n".join(
                    [q.title]
                    + [f"{s.name}\n{s.body}" for s in q.sections]
                    + [f"{f.question}\n{f.answer}" for f in q.follow_ups]
                ),
                metadata={"number": q.number},
            )
            for q in guide.questions.values()
        ]
        settings = ChromaSettings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
        collection = client.create_collection("baseline", embedding_function=None)
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore(collection))
        embedding = SameEmbedding(embedder)
        self._index = VectorStoreIndex.from_documents(
            documents,
            storage_context=store,
            embed_model=embedding,
            transformations=[SentenceSplitter()],
        )
        self._llm = llm

    def topics(self, question: str) -> list[int]:
        """Guide questions of the retrieved chunks, best first, distinct."""
        nodes = self._index.as_retriever(similarity_top_k=RETRIEVED).retrieve(question)
        return list(dict.fromkeys(int(node.metadata["number"]) for node in nodes))

    def answer(self, question: str, history: Sequence[Message] = ()) -> str:
        """The chat engine's whole reply."""
        engine: Any = CondensePlusContextChatEngine.from_defaults(
            retriever=self._index.as_retriever(similarity_top_k=2), llm=self._llm
        )
        past = [ChatMessage(role=MessageRole(m.role), content=m.content) for m in history]
        return str(engine.chat(question, chat_history=past))
