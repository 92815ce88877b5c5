// Reading aloud, in the browser's own voice: the text stands hidden beside a button .listen.
// Pressed again it pauses, and goes on from the sentence it was in; another button stops.
() => {
  const voice = window.speechSynthesis;
  let now = null; // { button, stop, parts, at, words }: `words` is what is being said

  // Sentence by sentence: some browsers cut a long text off, and some cannot pause.
  const sentences = (text) => text.split(/(?<=[.!?])\s+/);

  const end = () => {
    if (!now) return;
    const { button, stop } = now;
    now = null;
    voice.cancel();
    stop.remove();
    button.textContent = "Listen";
  };

  const speak = () => {
    const mine = now;
    if (mine.at >= mine.parts.length || !mine.button.isConnected) { end(); return; }
    const words = new SpeechSynthesisUtterance(mine.parts[mine.at]);
    words.lang = "en";
    // A pause ends the sentence, too: only one that was not interrupted leads to the next.
    words.onend = () => {
      if (now !== mine || mine.words !== words) return;
      mine.at += 1;
      speak();
    };
    mine.words = words;
    mine.button.textContent = "Pause";
    voice.speak(words);
  };

  const press = (button) => {
    if (!voice) {
      button.textContent = "This browser has no voice";
      return;
    }
    if (now && now.button === button) {
      if (now.words) {
        now.words = null;
        voice.cancel();
        button.textContent = "Go on";
      } else speak();
      return;
    }
    end();
    voice.cancel();
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "listening";
    stop.textContent = "Stop";
    stop.addEventListener("click", () => { end(); button.focus(); });
    button.after(stop);
    now = { button, stop, parts: sentences(button.parentElement.querySelector(".aloud").textContent), at: 0, words: null };
    speak();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".listen");
    if (button) press(button);
  });
  // Another text in its place ends the reading.
  new MutationObserver(() => { if (now && !now.button.isConnected) end(); })
    .observe(document.body, { childList: true, subtree: true });
  window.addEventListener("pagehide", end);
}
