"""Write a call that returns validated JSON and retries on errors"""

good = '{"sentiment": "positive", "score": 1, "topics": ["price {x}"]}'
want = {"sentiment": "positive", "score": 1.0, "topics": ["price {x}"]}
assert parse(good) == want and type(parse(good)["score"]) is float
assert parse("Sure!\n```json\n" + good + "\n```\nDone.") == want
for bad, word in (("no", "no JSON"), ("{'a': 1}", "Expecting"), ("} {", "no JSON"),
                  ('{"sentiment": "x", "score": 0.5}', "topics"),
                  (good.replace("1,", '"1",'), "score"),
                  (good.replace("1,", "true,"), "score"),
                  (good.replace("1,", "NaN,"), "NaN is not JSON"),
                  (good.replace("1,", "-Infinity,"), "not JSON")):
    try:
        parse(bad)
        raise SystemExit("no error")
    except ValueError as e:
        assert word in str(e), (bad, e)
seen = []


def model(messages):
    seen.append(messages)
    return ["not json", '{"sentiment": "positive"}', good][len(messages) // 2]


assert ask_json(model, "Classify.") == want and len(seen) == 3
assert "score" in seen[2][-1]["content"] and seen[2][0]["content"] == "Classify."
assert [m["role"] for m in seen[2]] == ["user", "assistant"] * 2 + ["user"]
try:
    ask_json(lambda m: "never", "x", retries=1)
    raise SystemExit("no error")
except ValueError as e:
    assert "2 attempts" in str(e)
