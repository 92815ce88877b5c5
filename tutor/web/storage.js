// A browser that refuses storage (in a frame of another site, say) gets one that lasts for the
// visit: in the frame's own name, which goes from place to place of the page and to no other site.
try {
  localStorage.setItem("tutor-probe", "");
  localStorage.removeItem("tutor-probe");
} catch {
  let kept = {};
  try { kept = JSON.parse(window.name) || {}; } catch { /* a name that somebody else gave */ }
  const save = () => { window.name = JSON.stringify(kept); };
  const storage = {
    getItem: (key) => (Object.hasOwn(kept, key) ? kept[key] : null),
    setItem: (key, value) => { kept[key] = String(value); save(); },
    removeItem: (key) => { delete kept[key]; save(); },
  };
  Object.defineProperty(window, "localStorage", { value: storage, configurable: true });
  document.documentElement.classList.add("keeps-nothing");
}
