"""Write a minimal RAG pipeline: retrieve, prompt, answer with citations"""

WORDS = "pump seal error e-4012 leaks broken clean weekly office opens nine".split()
asked = []


def embed(text):  # stand-in encoder: counts of known words
    tokens = re.findall(r"[\w-]+", text.lower())
    return np.array([float(tokens.count(w)) for w in WORDS])


def generate(prompt):  # stand-in model: the passage that shares most words, cited
    asked.append(prompt)
    question = set(re.findall(r"[\w-]+", prompt.split("Question:")[1].lower()))
    passages = re.findall(r"^\[(\d+)\] (.*)$", prompt, re.M)
    n, text = max(passages, key=lambda p: len(question & set(p[1].lower().split())))
    return f"{text} [{n}] [{n}] [9]"  # cites twice, and one passage that is not there


chunks = [("hours.md", "the office opens at nine"),
          ("manual.md", "error e-4012 means the pump seal leaks"),
          ("care.md", "clean the pump weekly")]
rag = RAG(chunks, embed, generate)
text, sources = rag.answer("What does error e-4012 mean?")
assert "seal leaks" in text and sources == ["manual.md"]
assert [s for s, _ in rag.retrieve("clean the pump seal")] == ["care.md", "manual.md"]
assert rag.retrieve("clean the pump seal", top=1) == [chunks[2]]
assert "[1] error e-4012" in asked[-1] and "opens" not in asked[-1]
calls = len(asked)
assert rag.answer("Who won the match?") == ("I don't know", []) and len(asked) == calls
q = embed("pump error")  # scores against the plain cosine
for row, (_, t) in zip(rag.index, chunks):
    want = embed(t) @ q / (np.linalg.norm(embed(t)) * np.linalg.norm(q))
    assert abs(row @ unit(q) - want) < 1e-9
