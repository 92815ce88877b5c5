// Over plain http a browser has no clipboard for scripts; Gradio's buttons write to it all the
// same. The old way to copy, which needs no permission, stands in for it.
if (!navigator.clipboard) {
  const writeText = async (text) => {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position: fixed; top: 0; opacity: 0;";
    area.setAttribute("aria-hidden", "true");
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (before) before.focus({ preventScroll: true });
    if (!copied) console.warn("This browser lets nothing be copied here.");
  };
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
}
