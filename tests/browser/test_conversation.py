"""A conversation that is changed: a turn edited, an answer marked."""

import pytest

from tests.browser.test_visit import WAIT, ask, last_answer

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

ODD = "is <b>top-k</b> & `top_p` worth $5 or $6\nor &lt; _that_?"
FETCHED = " ![x](http://203.0.113.1/x.png)"  # the visitor fixture fails if anything foreign is
# What the thumbs say, from the first answer to the last.
THUMBS = """() => [...document.querySelectorAll("#chat .message-buttons-left")].map((panel) =>
  [...panel.querySelectorAll("button")].map((button) => button.getAttribute("aria-label"))
    .find((name) => name === "Liked" || name === "Disliked") || "")"""


@pytest.fixture
def ready(page):
    """The page once the model answers."""
    page.get_by_text("Answering with").wait_for(timeout=WAIT)
    return page


def turns(page) -> list[str]:
    """The visitor's turns, as they are shown."""
    return [text.strip() for text in page.locator("#chat .user.message").all_inner_texts()]


def edit(page, place: int):
    """Open the box of a turn; the box, which has the focus."""
    page.get_by_label("Edit").nth(place).click()
    box = page.locator("#chat .edit-textarea")
    box.wait_for()
    page.wait_for_function("document.activeElement.matches('#chat .edit-textarea')")
    return box


def done(page) -> None:
    """Wait until a turn has been answered that was not sent from the box."""
    page.wait_for_selector("#box .stop-button")
    page.wait_for_selector("#box button.submit-button", timeout=WAIT)


def wait_for_top(page) -> None:
    """Wait until the last turn stands at the top of the conversation, or as high as it can."""
    page.wait_for_function("""() => {
      const box = document.querySelector("#chat .bubble-wrap");
      const turn = [...document.querySelectorAll("#chat .user.message")].pop();
      const below = turn.getBoundingClientRect().top - box.getBoundingClientRect().top;
      return below < 40 || box.scrollTop + box.clientHeight > box.scrollHeight - 2;
    }""")


def wait_for_thumbs(page, *wanted: str) -> None:
    """Wait until the thumbs say this."""
    page.wait_for_function(
        f"wanted => JSON.stringify(({THUMBS})()) === JSON.stringify(wanted)", arg=list(wanted)
    )


def test_any_turn_is_edited_as_typed_and_answered_anew(ready):
    ask(ready, "What is LoRA?")
    ask(ready, ODD.replace("\n", " "))
    ask(ready, "What is beam search?")
    asked = turns(ready)
    box = edit(ready, 1)
    assert box.input_value() == ODD.replace("\n", " ")
    ready.keyboard.type(" never sent")
    ready.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert turns(ready) == asked
    ready.wait_for_function("document.activeElement.getAttribute('aria-label') === 'Edit'")
    box = edit(ready, 1)
    box.fill(ODD)
    ready.keyboard.press("End")
    ready.keyboard.type(FETCHED)
    ready.keyboard.press("Enter")
    done(ready)
    assert turns(ready) == ["What is LoRA?", ODD + FETCHED]
    wait_for_top(ready)
    assert ready.locator("#chat .bot.message").count() == 2
    ready.wait_for_function("document.activeElement.matches('#box textarea')")
    box = edit(ready, 0)
    box.fill("What is perplexity?")
    ready.get_by_label("Submit").click()
    done(ready)
    assert turns(ready) == ["What is perplexity?"]
    assert "perplexity" in last_answer(ready).inner_text().lower()
    ready.reload()
    ready.locator("#chat .bot.message").first.wait_for()
    assert turns(ready) == ["What is perplexity?"]


def test_a_turn_that_is_emptied_stays_as_it_was(ready):
    ask(ready, "What is LoRA?")
    box = edit(ready, 0)
    box.fill("  ")
    ready.keyboard.press("Enter")
    box.wait_for(state="detached")
    assert turns(ready) == ["What is LoRA?"]
    assert ready.locator("#chat .bot.message").count() == 1


def test_marks_of_answers_stay_go_along_and_are_taken_back(ready):
    ask(ready, "What is LoRA?")
    ask(ready, "What is beam search?")
    ready.get_by_label("Like", exact=True).first.click()
    wait_for_thumbs(ready, "Liked", "")
    ready.get_by_label("Dislike", exact=True).last.click()
    wait_for_thumbs(ready, "Liked", "Disliked")
    with ready.expect_download() as waiting:
        ready.click("#export")
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.index("*Marked helpful*") < text.index("What is beam search?")
    assert text.endswith("*Marked not helpful*\n")
    ready.reload()
    wait_for_thumbs(ready, "Liked", "Disliked")
    ready.get_by_label("Liked", exact=True).click()
    wait_for_thumbs(ready, "", "Disliked")
    ready.wait_for_timeout(500)  # the browser's storage has it
    ready.reload()
    wait_for_thumbs(ready, "", "Disliked")
    ready.get_by_label("Retry").click()
    done(ready)
    wait_for_thumbs(ready, "", "")
