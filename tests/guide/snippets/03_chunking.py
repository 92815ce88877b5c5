"""Write chunking with overlap for a text longer than the context window"""

assert chunk(list(range(10)), 4, 1) == [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]]
assert chunk(list(range(11)), 4, 1)[-1] == [9, 10]
assert chunk([1, 2], 4, 1) == [[1, 2]] and chunk([], 4, 1) == [[]]
for n in range(1, 60):
    for size in range(1, 12):
        for overlap in range(size):
            parts = chunk(list(range(n)), size, overlap)
            back = parts[0][:]
            for a, b in zip(parts, parts[1:]):
                assert len(a) == size and a[len(a) - overlap:] == b[:overlap]
                assert len(b) > overlap  # each window brings something new
                back += b[overlap:]
            assert back == list(range(n)) and len(parts[-1]) <= size
            want = 1 if n <= size else 1 + -(-(n - size) // (size - overlap))
            assert len(parts) == want
for bad in ((4, 4), (4, -1)):
    try:
        chunk([1], *bad)
        raise SystemExit("no error")
    except ValueError:
        pass
assert map_reduce(list(range(50)), 8, 2, max, max) == 49
assert map_reduce(list("abcdefg"), 3, 0, "".join, "".join) == "abcdefg"
