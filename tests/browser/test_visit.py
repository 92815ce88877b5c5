"""The page as a person uses it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

WAIT = 420_000  # ms: a first start builds the index, beside other work for minutes


def ask(page, text: str) -> None:
    """Type a question and wait for the whole answer."""
    page.fill("#box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#box textarea').value === ''")
    page.wait_for_selector("#box button.submit-button", timeout=WAIT)


def last_answer(page):
    """The tutor's last message."""
    return page.locator("#chat .bot.message").last


@pytest.fixture
def ready(page):
    """The page once the model answers."""
    page.get_by_text("Answering with").wait_for(timeout=WAIT)
    return page


def test_an_answer_is_streamed_cited_and_its_passage_shown(ready):
    ask(ready, "Why would top-p keep only one token?")
    answer = last_answer(ready).inner_text()
    assert "A single token can hold at least p" in answer
    assert "[1]" in answer
    panel = ready.locator("#sources")
    assert "Top-k vs top-p sampling?" in panel.inner_text()
    assert "A single token can hold at least p" in panel.locator("mark").first.inner_text()
    last_answer(ready).locator('a[href^="#src-"]').first.click()
    ready.wait_for_selector(".source.shown")


def test_a_follow_up_by_suggestion_keeps_the_topic(ready):
    ask(ready, "What is beam search?")
    suggestion = ready.locator("#chat button.option").first
    wanted = suggestion.inner_text()
    suggestion.click()
    ready.locator("#chat .user.message").get_by_text(wanted).wait_for()
    ready.wait_for_selector("#box button.submit-button", timeout=WAIT)
    assert "Q5" in ready.locator("#sources").inner_text()


@pytest.mark.parametrize(
    "attack",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "[x](javascript:alert(3))",
     "![x](http://203.0.113.1/x.png)"],
)  # fmt: skip
def test_what_is_typed_is_never_executed_or_fetched(ready, attack):
    ask(ready, f"What is {attack}?")
    ready.wait_for_timeout(300)
    assert ready.locator("#chat .user.message script, #chat .user.message img").count() == 0
    ask(ready, "What is beam search?")
    assert "beam search" in last_answer(ready).inner_text().lower()


def test_odd_input_gets_a_readable_reply(ready):
    ask(ready, "x" * 5000)
    assert "up to 2,000" in last_answer(ready).inner_text()
    ask(ready, "🦙🦙🦙")
    ask(ready, "best pizza in Naples")
    assert "does not cover" in last_answer(ready).inner_text()


def test_a_category_shows_its_questions(ready):
    ready.locator("#category input").click()
    ready.get_by_role("option", name="Model Distillation").click()
    ready.locator("#chat").get_by_text("What is model distillation?").wait_for()
    ready.click("#tab-questions-button")
    text = ready.locator("#questions").inner_text()
    assert "Q15" in text
    assert "Q12" not in text
    ready.click('#questions a[href="#ask-15"]')
    ready.wait_for_selector("#sources mark", timeout=WAIT, state="attached")
    ready.click("#tab-sources-button")
    assert "Q15" in ready.locator("#sources").inner_text()


def test_formulas_are_rendered(ready):
    ask(ready, "What is the formula of attention?")
    assert last_answer(ready).locator(".katex").count() > 0


def test_clear_empties_the_conversation(ready):
    ask(ready, "What is beam search?")
    ready.get_by_label("Clear").first.click()
    ready.locator("#chat .bot.message").first.wait_for(state="detached")


def open_conversation(page, title: str) -> None:
    """Choose a kept conversation, or a new one, by its title."""
    page.locator("#conversations input").click()
    page.get_by_role("option", name=title).click()


def test_conversations_outlive_a_reload_until_they_are_deleted(ready):
    ask(ready, "What is beam search?")
    answer = last_answer(ready).inner_text()
    open_conversation(ready, "New conversation")
    ready.locator("#chat .bot.message").first.wait_for(state="detached")
    ask(ready, "What is LoRA?")
    ready.reload()
    ready.locator("#chat .user.message").get_by_text("What is LoRA?").wait_for()
    open_conversation(ready, "What is beam search?")
    ready.locator("#chat .user.message").get_by_text("What is beam search?").wait_for()
    assert last_answer(ready).inner_text() == answer
    ready.click("#forget")
    ready.locator("#chat .bot.message").first.wait_for(state="detached")
    ready.reload()
    ready.wait_for_selector("#box textarea")
    ready.locator("#conversations input").click()
    ready.get_by_role("option", name="What is LoRA?").wait_for()
    assert ready.get_by_role("option", name="What is beam search?").count() == 0


def test_a_mark_of_an_older_answer_opens_its_passage(ready):
    ask(ready, "Beam search vs greedy decoding?")
    mark = last_answer(ready).locator('a[href^="#src-"]').first
    href = mark.get_attribute("href")
    ask(ready, "What is LoRA?")
    assert ready.locator(href).count() == 0
    ready.locator(f'#chat a[href="{href}"]').first.click()
    ready.wait_for_selector(f"{href}.shown")
    assert "Greedy decoding" in ready.locator(f"{href} mark").first.inner_text()


def test_a_whole_question_has_its_figure_for_the_theme(ready):
    ask(ready, "Beam search vs greedy decoding?")
    seen = last_answer(ready).locator("figure img:visible")
    assert seen.count() == 1
    ready.wait_for_function("document.querySelector('#chat figure .on-light').naturalWidth === 640")
    assert seen.get_attribute("class") == "on-light"
    assert "0.36" in seen.get_attribute("alt")


def test_a_conversation_can_be_taken_away(ready):
    ask(ready, "Is 1 < 2 and $5 < $6 in <b>Python</b>?")
    with ready.expect_download() as waiting:
        ready.click("#export")
    text = waiting.value.path().read_text(encoding="utf-8")
    assert "**You**\n\nIs 1 < 2 and $5 < $6 in <b>Python</b>?" in text
    assert "#src-" not in text


def test_two_visitors_do_not_see_each_other(ready, browser, address):
    ask(ready, "What is beam search?")
    context = browser.new_context()
    other = context.new_page()
    other.goto(address)
    other.wait_for_selector("#box textarea")
    assert other.locator("#chat .message").count() == 0
    context.close()


def test_the_demo_of_an_answer_opens_with_the_question(ready):
    ask(ready, "Why would top-p keep only one token?")
    last_answer(ready).locator('a[href="#demo-sampling"]').click()
    box = ready.locator("#tab-sampling textarea").first
    box.wait_for()
    ready.wait_for_function(
        "document.querySelector('#tab-sampling textarea').value.includes('top-p')"
    )
    ready.locator("#tab-sampling").get_by_text("The model's first choice").wait_for(timeout=WAIT)
    last_answer(ready).locator('a[href="#demo-xray"]').click()
    ready.locator("#tab-xray").get_by_text("Judged by").wait_for(timeout=WAIT)
    assert ready.locator("#tab-xray [role=alert]").count() == 0
    ask(ready, "What is perplexity?")
    last_answer(ready).locator('a[href="#demo-losses"]').click()
    box = ready.locator("#lab #tab-losses textarea").first
    box.wait_for()
    ready.wait_for_function(
        "document.querySelector('#tab-losses textarea').value === 'What is perplexity?'"
    )


def test_a_phone_has_everything_in_one_column(ready):
    ready.set_viewport_size({"width": 390, "height": 844})
    ask(ready, "What is LoRA?")
    width = ready.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    box, side = (ready.locator(name).bounding_box() for name in ("#box", "#side"))
    assert side["y"] > box["y"]


def test_the_guide_is_found_read_and_kept_at_addresses(page, address):
    page.goto(f"{address}/guide")
    page.locator("#find").locator("textarea, input").press_sequentially("beam width")
    page.locator("#listed").get_by_text("What is beam width").first.click()
    page.locator("#article").get_by_role("heading", name="Q5: Beam search").wait_for()
    page.wait_for_selector("#article details[open]")
    assert "guide?q=5#at-what-is-beam-width" in page.url
    page.get_by_role("link", name="Q6 →").click()
    page.locator("#article").get_by_role("heading", name="Q6:").wait_for()
    assert page.locator("#article .katex").count() > 0
    page.go_back()
    page.locator("#article").get_by_role("heading", name="Q5:").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Ask about this").click()
    page.locator("#chat .user.message").get_by_text("Q5", exact=True).wait_for()
    assert "?" not in page.url  # a reload does not ask again


def test_the_guide_leads_back_to_the_conversation_and_to_demos(ready, address):
    ask(ready, "What is LoRA?")
    ready.goto(f"{address}/guide?q=12")
    ready.get_by_role("link", name="Ask about this").click()
    turns = ready.locator("#chat .user.message")
    turns.get_by_text("Q12", exact=True).wait_for()
    assert turns.first.inner_text() == "What is LoRA?"
    ready.wait_for_selector("#box button.submit-button", timeout=WAIT)
    ready.goto(f"{address}/guide?q=12")
    ready.get_by_role("link", name="See it: Sampling").click()
    ready.locator("#lab #tab-sampling textarea").first.wait_for()
