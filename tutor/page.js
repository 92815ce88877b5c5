// Two kinds of links live on the page: #src-TURN-N opens a source, #ask-N asks a guide question.
() => {
  const find = (selector) => document.querySelector(selector);

  const openTab = (name) => {
    const tabs = [...document.querySelectorAll('#panel [role="tab"]')];
    const tab = tabs.find((tab) => tab.textContent.trim() === name);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };

  const showSource = (id) => {
    openTab("Sources");
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
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const href = link ? link.getAttribute("href") || "" : "";
    if (href.startsWith("#src-")) {
      event.preventDefault();
      showSource(href.slice(1));
    } else if (href.startsWith("#ask-")) {
      event.preventDefault();
      type(`Q${href.slice(5)}`);
      setTimeout(() => find("#box textarea").dispatchEvent(
        new KeyboardEvent("keypress", { key: "Enter", bubbles: true })), 60);
    }
  });
}
