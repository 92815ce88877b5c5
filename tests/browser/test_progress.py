"""The Progress place as a learner uses it: marks that stay, files, a plan, an advertisement."""

import json

import pytest

from tests.browser.test_visit import WAIT, ask

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

REFUSED = """Object.defineProperty(window, "localStorage", {
  configurable: true, get() { throw new DOMException("denied", "SecurityError"); } })"""


def open_progress(page, address: str) -> None:
    """The place, with its rings drawn."""
    page.goto(f"{address}/progress")
    page.wait_for_selector("#rings .ring")


def heard(page, number: int):
    """What a question's ring says in words."""
    return page.locator(f'.ring[href="guide?q={number}"] .heard')


def record_file(tmp_path) -> str:
    """A saved record: Q12 practised long ago."""
    at = "2026-01-02T12:00:00+00:00"
    event = {"q": 12, "what": "practised", "at": at, "share": 0.5, "missed": [0, 2]}
    memory = {"12": {"stability": 1.3, "difficulty": 5.0, "due": at, "last": at}}
    path = tmp_path / "record.json"
    path.write_text(json.dumps({"events": [event], "memory": memory}), encoding="utf-8")
    return str(path)


def test_a_record_comes_from_a_file_stays_goes_to_files_and_is_forgotten(page, address, tmp_path):
    open_progress(page, address)
    page.get_by_text("A fresh start").wait_for()
    page.set_input_files("#load", record_file(tmp_path))
    page.get_by_text("Loaded: 1 new entry.").wait_for()
    page.locator("#day input").first.fill("2099-12-31")
    page.keyboard.press("Enter")
    page.locator("#plan").get_by_text("days before it").wait_for()
    page.reload()
    page.locator("#due").get_by_role("link", name="Practise Q12").wait_for()
    assert "50% of the points" in heard(page, 12).text_content()
    page.locator("#plan").get_by_text("days before it").wait_for()
    with page.expect_download() as saved:
        page.click("#save")
    kept = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert (kept["events"][0]["q"], kept["interview"]) == (12, "2099-12-31")
    with page.expect_download() as cards:
        page.get_by_role("button", name="Missed points as Anki cards (2)").click()
    assert cards.value.path().read_bytes()[:2] == b"PK"
    page.click("#forget-all")
    page.click("#no")
    page.locator("#yes").wait_for(state="hidden")
    page.click("#forget-all")
    page.click("#yes")
    page.get_by_text("A fresh start").wait_for()
    page.reload()
    page.get_by_text("A fresh start").wait_for()


def test_reading_leaves_its_mark(page, address):
    page.goto(f"{address}/guide?q=12")
    page.locator("#article").get_by_role("heading", name="Q12").wait_for()
    page.wait_for_function("document.querySelector('#seen textarea').value === '12'")
    page.wait_for_timeout(1000)
    open_progress(page, address)
    heard(page, 12).get_by_text("read").wait_for(state="attached")


def test_an_advertisement_leads_into_the_guide(page, address):
    open_progress(page, address)
    page.fill("#advert textarea", "- Fine-tuning with LoRA\n- Strong Python, Docker, Kubernetes")
    page.click("#match")
    found = page.locator("#matched")
    found.get_by_role("link", name="Fine-Tuning Methods").wait_for(timeout=WAIT)
    assert "Kubernetes" in found.locator(".left").inner_text()
    page.locator(".card", has_text="in the advertisement").first.wait_for()
    page.reload()
    page.locator("#matched").get_by_text("your plan begins with: Fine-Tuning").wait_for()


def test_a_browser_that_keeps_nothing_has_it_for_the_visit(page, address, tmp_path):
    page.add_init_script(REFUSED)
    open_progress(page, address)
    page.get_by_text("This browser keeps nothing").wait_for()
    page.set_input_files("#load", record_file(tmp_path))
    page.get_by_text("Loaded: 1 new entry.").wait_for()
    page.goto(f"{address}/guide")
    page.wait_for_selector("#reading")
    open_progress(page, address)
    page.locator("#due").get_by_role("link", name="Practise Q12").wait_for()


def test_it_fits_a_phone(page, address, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    open_progress(page, address)
    page.set_input_files("#load", record_file(tmp_path))
    page.get_by_text("Loaded:").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    due, rings = (page.locator(name).bounding_box() for name in ("#due", "#rings"))
    assert due["y"] < rings["y"]


def test_an_older_tab_takes_nothing_from_the_record(page, address):
    page.get_by_text("Answering with").wait_for(timeout=WAIT)
    other = page.context.new_page()
    other.goto(f"{address}/practice?q=12")
    other.fill("#answer textarea", "Top-k keeps the k most likely tokens, whatever they weigh.")
    other.click("#check")
    other.locator("#feedback h3").wait_for(timeout=WAIT)
    open_progress(other, address)
    heard(other, 12).get_by_text("practised").wait_for(state="attached")
    ask(page, "What is beam search?")
    heard(other, 5).get_by_text("asked").wait_for(state="attached")  # without a reload
    page.wait_for_timeout(1000)
    open_progress(other, address)
    heard(other, 5).get_by_text("asked").wait_for(state="attached")
    assert "practised" in heard(other, 12).text_content()
    other.click("#forget-all")
    other.click("#yes")
    other.get_by_text("A fresh start").wait_for()
    page.wait_for_timeout(1000)
    ask(page, "What is LoRA?")
    heard(other, 4).get_by_text("asked").wait_for(state="attached")
    page.wait_for_timeout(1000)
    open_progress(other, address)
    heard(other, 4).get_by_text("asked").wait_for(state="attached")
    assert "practised" not in heard(other, 12).text_content()
    assert "asked" not in heard(other, 5).text_content()
