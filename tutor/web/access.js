// What those need who listen to the page or use no mouse, where Gradio's own markup lacks it; and
// keys: "/" goes to the box, Escape stops an answer.
() => {
  const find = (selector) => document.querySelector(selector);
  const mark = (element, name, value) => {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const markAll = (selector, names) => document.querySelectorAll(selector).forEach((element) => {
    for (const [name, value] of Object.entries(names)) mark(element, name, value);
  });

  // One line that is read aloud, and a way past the names of the places.
  const heard = document.createElement("div");
  heard.className = "unseen";
  heard.setAttribute("role", "status");
  const skip = document.createElement("a");
  skip.className = "skip";
  skip.href = "#content";
  skip.textContent = "Skip to the content";
  document.body.prepend(skip);
  document.body.append(heard);
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const place = find("#box textarea") || find("main");
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  });

  // An answer is announced when it begins and when it is whole, not with every word.
  let busy = false;
  const announce = () => {
    const answering = Boolean(find("#box .stop-button"));
    const log = find("#chat [role=log]");
    mark(log, "aria-busy", String(answering));
    mark(log, "aria-live", "off");
    if (answering === busy) return;
    busy = answering;
    heard.textContent = busy ? "The tutor is answering." : "The answer is complete.";
  };

  const WIDE = ":is(#chat, #sources) :is(table, .katex-display)"; // what scrolls if it must
  const mend = () => {
    markAll("main", { id: "content", tabindex: "-1" });
    markAll(".nav-holder nav", { "aria-label": "Places" });
    markAll(".nav-holder a.active", { "aria-current": "page" });
    // A list of buttons that are no list items; a calendar without a name.
    markAll("#chat .examples", { role: "group", "aria-label": "Questions to begin with" });
    markAll("button.calendar", { "aria-label": "Choose the date" });
    // Gradio names a message by its own source, marks and entities and all.
    markAll("#chat [data-testid=user]", { role: "group", "aria-label": "You" });
    markAll("#chat [data-testid=bot]", { role: "group", "aria-label": "The tutor" });
    markAll("#box .submit-button", { "aria-label": "Ask" });
    markAll("#box .stop-button", { "aria-label": "Stop the answer" });
    markAll("#box textarea", { "aria-keyshortcuts": "/" });
    markAll(":is(#article, #chat, #feedback, #drills) pre", { tabindex: "0" }); // wide code scrolls
    document.querySelectorAll(WIDE).forEach((element) => {
      if (element.scrollWidth > element.clientWidth) mark(element, "tabindex", "0");
    });
    announce();
  };
  new MutationObserver(mend).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "role"],
  });
  mend();

  // Enter that chooses a word of an input method is no Enter of ours.
  for (const kind of ["keydown", "keypress"]) {
    document.addEventListener(kind, (event) => {
      if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
        event.stopImmediatePropagation();
      }
    }, true);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const box = find("#box textarea") || find("#find :is(textarea, input)");
    if (event.key === "/" && !typing && box) {
      event.preventDefault();
      box.focus();
    }
    const listOpen = find("ul.options"); // Escape closes that first
    const stop = find("#box .stop-button");
    if (event.key === "Escape" && stop && !listOpen) stop.click();
  });
}
