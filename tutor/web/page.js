// Links of the page: #src-TURN-N opens a source, #demo-NAME a demo, #ask-N asks a guide question.
() => {
  const find = (selector) => document.querySelector(selector);

  // A tab's button is named after its panel; those that do not fit stand in an overflow menu.
  const openTab = (id) => {
    const button = document.getElementById(`${id}-button`);
    if (button && button.getAttribute("aria-selected") !== "true") button.click();
  };

  const fill = (box, text) => {
    const prototype = box.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A demo opens with the student's own last words in its first text box.
  const openDemo = (name) => {
    const turns = document.querySelectorAll("#chat .user .message, #chat .message.user");
    const words = turns.length ? turns[turns.length - 1].innerText.trim() : "";
    openTab(`tab-${name}`);
    setTimeout(() => {
      const tab = document.getElementById(`tab-${name}`);
      const box = tab && tab.querySelector("textarea");
      if (box && words && name !== "xray") fill(box, words);
      if (box) box.focus({ preventScroll: true });
      find("#panel").scrollIntoView({ block: "start" });
    }, 300);
  };

  const showSource = (id) => {
    openTab("tab-sources");
    // The tab's content may be mounted by the click above.
    setTimeout(() => {
      const source = document.getElementById(id);
      if (!source) return;
      document.querySelectorAll(".source.shown").forEach((s) => s.classList.remove("shown"));
      source.classList.add("shown");
      source.setAttribute("tabindex", "-1");
      source.focus({ preventScroll: true });
      source.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }, 60);
  };

  const type = (text) => {
    const box = find("#box textarea");
    fill(box, text);
    box.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const href = link ? link.getAttribute("href") || "" : "";
    if (href.startsWith("#src-")) {
      event.preventDefault();
      showSource(href.slice(1));
    } else if (href.startsWith("#demo-")) {
      event.preventDefault();
      openDemo(href.slice(6));
    } else if (href.startsWith("#ask-")) {
      event.preventDefault();
      type(`Q${href.slice(5)}`);
      setTimeout(() => find("#box textarea").dispatchEvent(
        new KeyboardEvent("keypress", { key: "Enter", bubbles: true })), 60);
    }
  });
}
