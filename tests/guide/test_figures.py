"""The guide's figures: drawn alike every time, up to date, described, and harmless as files."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from figures import CATALOG, Entry
from figures.__main__ import main
from figures.catalog import ROOT, chapter, markdown, svg
from figures.style import DARK, LIGHT, blend, readable

ENTRIES = sorted(CATALOG.values(), key=lambda entry: entry.question)
SVG = "{http://www.w3.org/2000/svg}"
BOTH = [(entry, path, ink) for entry in ENTRIES for path, ink in entry.files().items()]
NAMES = [path.name for _, path, _ in BOTH]


@pytest.fixture(scope="module")
def drawn() -> dict[Path, str]:
    return {path: svg(entry, ink) for entry, path, ink in BOTH}


def test_every_question_has_one_figure() -> None:
    assert [entry.question for entry in ENTRIES] == list(range(1, 51))


@pytest.mark.parametrize(("entry", "path", "ink"), BOTH, ids=NAMES)
def test_file_is_what_the_code_draws(entry, path, ink, drawn) -> None:
    assert path.read_text(encoding="utf-8") == drawn[path], "run: python -m figures"


@pytest.mark.parametrize(("entry", "path", "ink"), BOTH, ids=NAMES)
def test_second_drawing_is_the_same(entry, path, ink, drawn) -> None:
    assert svg(entry, ink) == drawn[path]


@pytest.mark.parametrize(("entry", "path", "ink"), BOTH, ids=NAMES)
def test_file_is_small_plain_and_described(entry, path, ink, drawn) -> None:
    text = drawn[path]
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("viewBox", "").startswith("0 0 640 ")
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == entry.alt
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "metadata"}
    assert not re.search(r"\son\w+=", text)
    assert len(text.encode()) < 60_000


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.stem)
def test_words_of_a_figure(entry: Entry) -> None:
    assert 40 <= len(entry.alt) <= 300
    assert 40 <= len(entry.caption) <= 300
    assert entry.alt.endswith(".")
    assert entry.caption.endswith((".", ".)"))
    # Both go into a README as they stand, where these characters would be markup.
    assert not set('"<>[]*_$|') & set(entry.caption)
    assert not set('"<>*$') & set(entry.alt)


def test_smallest_text_can_be_read_on_a_phone(drawn) -> None:
    for path, text in drawn.items():
        sizes = [float(size) for size in re.findall(r"font(?:-size)?: [^;\"]*?([\d.]+)px", text)]
        assert sizes, path.name
        assert min(sizes) >= 12, path.name


def test_no_file_is_left_that_no_code_draws() -> None:
    wanted = {path for _, path, _ in BOTH}
    assert set(ROOT.glob("corpus/*/figures/*")) == wanted


def test_check_finds_a_changed_file(monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["figures", "--check", "beam_tree"])
    assert main() == 0
    monkeypatch.setattr("figures.__main__.svg", lambda *_: "<svg/>")
    assert main() == 1
    assert "q05_beam_tree.dark.svg" in capsys.readouterr().out


def test_markdown_names_both_files() -> None:
    lines = markdown(CATALOG["beam_tree"]).splitlines()
    assert lines[0] == "<picture>"
    assert 'srcset="figures/q05_beam_tree.dark.svg"' in lines[1]
    assert 'src="figures/q05_beam_tree.svg" width="640"' in lines[2]
    assert lines[-1] == f"*{CATALOG['beam_tree'].caption}*"


def test_unknown_name_is_refused(monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["figures", "beam_treee"])
    with pytest.raises(SystemExit, match="No such figure: beam_treee"):
        main()


def test_unknown_question_is_refused() -> None:
    with pytest.raises(LookupError):
        chapter(51)


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=lambda ink: ink.name)
def test_every_hue_stands_out_from_the_paper(ink) -> None:
    def bright(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, two: str) -> float:
        low, high = sorted((bright(one), bright(two)))
        return (high + 0.05) / (low + 0.05)

    for color in (*ink.hues, ink.text, ink.muted):
        # WCAG's limit for normal text is 4.5; the yellow is kept for areas (3.0).
        assert contrast(color, ink.paper) >= (3.0 if color == ink.yellow else 4.5), color
    for color in ink.hues:
        for share in (0.05, 0.16, 0.3, 0.5, 0.7, 0.95):
            face = blend(color, ink.soft, share)
            assert contrast(readable(face), face) >= 3.9, (color, share)
