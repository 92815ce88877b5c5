"""An engine as a LlamaIndex LLM, so that LlamaIndex's own parts can be driven by it.

The tutor streams through this adapter; so does the baseline that the evaluation compares with,
which is why both run on exactly the same model.
"""

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from pydantic import ConfigDict, PrivateAttr

from tutor.engine.generate import Engine, Message, Role, Sampling, Stopped, Usage, Waiting


class EngineLLM(CustomLLM):
    """LlamaIndex's view of an `Engine`. Keyword arguments: `sampling`, `stopped`.

    The last response of a stream carries the call's `Usage` in `additional_kwargs["usage"]`; one
    that says only that the call waits, its `Waiting` in `additional_kwargs["waiting"]`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    context: int = 4096
    sampling: Sampling = Sampling()
    _engine: Engine = PrivateAttr()

    def __init__(self, engine: Engine, context: int, sampling: Sampling | None = None):
        """`context` is the model's window in tokens."""
        super().__init__(context=context, sampling=sampling or Sampling())
        self._engine = engine

    @property
    def constrains(self) -> bool:
        """Whether the engine keeps to a grammar."""
        return self._engine.constrains

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know of a model."""
        return LLMMetadata(
            context_window=self.context,
            num_output=self.sampling.max_tokens,
            is_chat_model=True,
            model_name=self._engine.name,
        )

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The reply as it grows; closing the generator stops the model."""
        sampling: Sampling = kwargs.get("sampling") or self.sampling
        stopped: Stopped | None = kwargs.get("stopped")
        text = ""
        pieces = self._engine.stream([plain_message(m) for m in messages], sampling, stopped)
        for piece in pieces:
            if isinstance(piece, Usage):
                yield response(text, "", usage=piece)
            elif isinstance(piece, Waiting):
                yield response(text, "", waiting=piece)
            else:
                text += piece
                yield response(text, piece)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole reply."""
        last = response("", "")
        for last in self.stream_chat(messages, **kwargs):  # noqa: B007 - the last one is returned
            pass
        return last

    def stream_complete(
        self,
        prompt: str,
        formatted: bool = False,  # noqa: ARG002 - LlamaIndex's signature
        **kwargs: Any,
    ) -> CompletionResponseGen:
        """A prompt as a single user turn."""
        for part in self.stream_chat([ChatMessage(role="user", content=prompt)], **kwargs):
            yield CompletionResponse(text=part.message.content or "", delta=part.delta)

    def complete(
        self,
        prompt: str,
        formatted: bool = False,  # noqa: ARG002 - LlamaIndex's signature
        **kwargs: Any,
    ) -> CompletionResponse:
        """The whole reply to a prompt as a single user turn."""
        message = self.chat([ChatMessage(role="user", content=prompt)], **kwargs).message
        return CompletionResponse(text=message.content or "")


def plain_message(message: ChatMessage) -> Message:
    """LlamaIndex's message as ours; roles that chat templates do not know become the user's."""
    roles: dict[MessageRole, Role] = {
        MessageRole.SYSTEM: "system",
        MessageRole.ASSISTANT: "assistant",
    }
    return Message(roles.get(message.role, "user"), message.content or "")


def response(text: str, delta: str, **extra: Any) -> ChatResponse:
    """A LlamaIndex chat response for the reply so far."""
    message = ChatMessage(role=MessageRole.ASSISTANT, content=text)
    return ChatResponse(message=message, delta=delta, additional_kwargs=extra)
