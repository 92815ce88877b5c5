"""Write a function that trims a chat history to the context window"""

import random

count = lambda m: len(m["content"].split())
msg = lambda role, n: {"role": role, "content": "w " * n}
chat = [msg("system", 5), msg("user", 10), msg("assistant", 20), msg("user", 8),
        msg("assistant", 30), msg("user", 4)]
assert trim_history(chat, count, 200, 50) == chat
out = trim_history(chat, count, 97, 50)  # 42 left: 4 + 30 + 8 fit exactly
assert out == [chat[0]] + chat[3:]
out = trim_history(chat, count, 96, 50)  # one less: the answer of 30 has no question
assert out == [chat[0], chat[5]]
marked = lambda m: count(m) + 3  # role marks: 3 each, on the system message too
assert trim_history(chat, marked, 109, 50) == [chat[0]] + chat[3:]  # 97 + 4 * 3
assert trim_history(chat, marked, 108, 50) == [chat[0], chat[5]]
for bad in ([msg("user", 60)], [msg("system", 90), msg("user", 20)]):
    try:
        trim_history(bad, count, 100, 50)
        raise SystemExit("no error")
    except ValueError:
        pass
random.seed(0)
for _ in range(300):
    n = random.randint(1, 9)
    c = [msg("system", random.randint(0, 5))]
    c += [msg("user" if i % 2 == 0 else "assistant", random.randint(1, 15))
          for i in range(2 * n - 1)]
    window = random.randint(25, 120)
    fits = [i for i in range(1, len(c), 2)  # every suffix that starts with a user turn
            if sum(count(m) for m in [c[0]] + c[i:]) <= window - 5]
    if fits:
        assert trim_history(c, count, window, 5) == [c[0]] + c[fits[0]:]
tool = [msg("user", 50), msg("assistant", 3), msg("tool", 2)]
for bad in ([], tool):  # a last message that fits does not help without its question
    try:
        trim_history(bad, count, 30, 0)
        raise SystemExit("no error")
    except ValueError as error:
        assert "starts with a user message" in str(error)
