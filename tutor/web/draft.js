// What is typed outlives a reload until the conversation that is kept has it, which is one way to
// the server and back after it was sent. A tab keeps its own, and forgets it when it is closed.
() => {
  const KEY = "tutor-draft";
  const SENT = 3000; // ms after which a question that has left the box is in the conversation
  let shelf = null;
  try {
    shelf = sessionStorage;
  } catch {
    return; // a browser that keeps nothing
  }
  const box = () => document.querySelector("#box textarea");
  const letters = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "");
  let leaving = 0;

  document.addEventListener("input", ({ target }) => {
    if (target !== box()) return;
    clearTimeout(leaving);
    shelf.setItem(KEY, target.value);
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || target !== box()) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => { if (!box().value) shelf.removeItem(KEY); }, SENT);
  });

  // The conversation is drawn a moment after it has come.
  document.addEventListener("reopened", () => setTimeout(() => {
    const draft = shelf.getItem(KEY) || "";
    const turns = [...document.querySelectorAll("#chat .user.message")];
    const asked = turns.some((turn) => letters(turn.innerText) === letters(draft));
    if (!draft || asked || !box() || box().value) return;
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    set.call(box(), draft);
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }, 300));
}
