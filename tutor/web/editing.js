// A turn of one's own, edited where it stands: Enter sends, Escape cancels. Gradio's box gets how the
// turn is shown, in HTML's entities (tutor/web/typed.py): here that becomes what was typed, and
// entities again before it is sent, so that nothing of it is set as Markdown on the way.
() => {
  const own = "#chat .edit-textarea";
  const decode = (shown) => {
    const box = document.createElement("textarea");
    box.innerHTML = shown;
    return box.value.replaceAll("\u00a0", " ");
  };
  const encode = (text) => text.replace(/[^\p{L}\p{N}\n]/gu, (sign) => `&#${sign.codePointAt(0)};`);
  const fill = (box, text) => {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const buttons = (box) => [...box.closest(".message-row").nextElementSibling.querySelectorAll("button")];

  const opened = new WeakSet();
  const open = () => document.querySelectorAll(own).forEach((box) => {
    if (opened.has(box)) return;
    opened.add(box);
    box.setAttribute("aria-label", "Your turn. Enter sends it again, Escape leaves it as it was.");
    fill(box, decode(box.value));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  });
  new MutationObserver(open).observe(document.body, { childList: true, subtree: true });

  const cancel = (box) => {
    const row = box.closest(".message-row");
    buttons(box)[1].click();
    setTimeout(() => {
      const again = [...row.nextElementSibling.querySelectorAll("button")].pop();
      if (again) again.focus();
    }, 50);
  };

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(own) || event.isComposing || event.keyCode === 229) return;
    if (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") cancel(event.target);
    else buttons(event.target)[0].click();
  }, true);

  // Before Gradio's own handler of the button that sends.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat button");
    const box = button && [...document.querySelectorAll(own)].find((one) => buttons(one)[0] === button);
    if (!box) return;
    if (box.value.trim()) {
      fill(box, encode(box.value));
      document.querySelector("#box textarea").focus();
      const rows = document.querySelectorAll("#chat .user-row");
      const last = rows[rows.length - 1] === box.closest(".user-row");
      document.dispatchEvent(new CustomEvent("resent", { detail: last }));
    } else {
      event.stopPropagation();
      cancel(box);
    }
  }, true);
}
