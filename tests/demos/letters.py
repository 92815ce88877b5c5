"""An engine whose tokens are letters and whose logits can be read off: tests need no model."""

import math

from tutor.engine.llama import Candidate
from tutor.errors import EngineError

END = 0  # a control token
LETTERS = "abcdefghij "


class LetterEngine:
    """After a letter, the next ones in the alphabet are likely: logit 6 for the next, then 5, 4 …

    `shift` is added to every logit, which changes no probability but what a penalty does. Token
    numbers are the letters' code points; `parts` are letters that llama.cpp would not report when
    they are the choice, as parts of characters. Records the prompts that it was asked about.
    """

    name = "letters"

    def __init__(self, shift: float = 0.0, parts: str = ""):
        self.shift = shift
        self.parts = {ord(letter) for letter in parts}
        self.asked: list[tuple[int, ...]] = []

    def vocabulary(self):
        return len(LETTERS) + 1

    def tokenize(self, text, control=False):
        return [(ord(letter), letter.encode()) for letter in text]

    def detokenize(self, tokens):
        return "".join("<end>" if token == END else chr(token) for token in tokens)

    def prompt_text(self, messages):
        return "".join(f"[{message.role}]{message.content}" for message in messages)

    def logits(self, prompt):
        """token → logit after a prompt."""
        last = chr(prompt[-1])
        at = LETTERS.index(last) if last in LETTERS else 0
        steps = {letter: (i - at - 1) % len(LETTERS) for i, letter in enumerate(LETTERS)}
        found = {ord(letter): 6.0 - step + self.shift for letter, step in steps.items()}
        return {**found, END: self.shift - 3.0}

    def next_tokens(self, prompt, count, **options):
        if not prompt:
            raise EngineError("empty")
        self.asked.append(tuple(prompt))
        logits = self.logits(prompt)
        ranked = logits if "samplers" not in options else self.sampled(logits, prompt, options)
        bias = dict(map(tuple, options.get("logit_bias", [])))
        choice = max(ranked, key=lambda token: ranked[token] + bias.get(token, 0))
        if "samplers" in options:  # another seed draws another token
            choice = sorted(ranked)[options["seed"] % len(ranked)]
        if choice in self.parts:
            return []
        z = math.log(sum(math.exp(logit) for logit in ranked.values()))
        order = sorted(ranked, key=lambda token: -ranked[token])[:count]
        return [self.candidate(token, ranked[token] - z) for token in (choice, *order)]

    def sampled(self, logits, prompt, options):
        """llama.cpp's penalty and temperature."""
        r = options["repeat_penalty"]
        lowered = {t: x / r if x > 0 else x * r for t, x in logits.items() if t in prompt}
        return {t: x / options["temperature"] for t, x in {**logits, **lowered}.items()}

    def candidate(self, token, logprob):
        return Candidate(token, b"" if token == END else chr(token).encode(), logprob)
