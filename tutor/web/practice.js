// The Practice place: what only a browser has, a clock, a voice and a microphone.
// [data-say] is read aloud, [data-record] records and plays back; .clock counts down from the
// moment its question is shown. Nothing recorded leaves the page.
() => {
  const find = (selector) => document.querySelector(selector);
  if (!location.pathname.endsWith("/practice")) return;

  let question = "";
  let began = 0;
  setInterval(() => {
    const clock = find("#tools .clock");
    if (!clock) { question = ""; return; }
    if (clock.dataset.question !== question) {
      question = clock.dataset.question;
      began = Date.now();
    }
    if (find("#feedback h3")) return; // the answer is in: the clock has stopped
    const left = Math.round(Number(clock.dataset.seconds) - (Date.now() - began) / 1000);
    const [minutes, seconds] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
    const text = `${left < 0 ? "over by " : ""}${minutes}:${String(seconds).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("over", left < 0);
  }, 250);

  const say = (text) => {
    if (!window.speechSynthesis) return false;
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "en";
    speechSynthesis.speak(words);
    return true;
  };

  // A recording stays in this page until the next one.
  let recorder = null;
  const tell = (text) => { find("#tools .recorded").textContent = text; };
  const record = async (button) => {
    if (recorder) { recorder.stop(); return; }
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      tell("This browser gives no microphone here: it wants https or localhost.");
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      tell("The microphone was not allowed, or there is none.");
      return;
    }
    const pieces = [];
    const from = Date.now();
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      button.textContent = "Rehearse again";
      recorder = null;
      const place = find("#tools .recorded");
      place.textContent = ` ${Math.round((Date.now() - from) / 1000)} s `;
      const sound = document.createElement("audio");
      sound.controls = true;
      sound.src = URL.createObjectURL(new Blob(pieces));
      place.append(sound);
    };
    recorder.start();
    button.textContent = "Stop recording";
    tell("");
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#tools button");
    if (!button) return;
    if ("record" in button.dataset) record(button);
    else if (!say(button.dataset.say)) tell("This browser has no voice.");
  });

  // Feedback is read from its beginning; the next question begins in its box.
  let shown = "";
  new MutationObserver(() => {
    const heading = find("#feedback h3");
    const asked = (find("#asked h2") || {}).innerText || "";
    if (heading && shown !== heading.innerText + asked) {
      shown = heading.innerText + asked;
      heading.scrollIntoView({ block: "start", behavior: "smooth" });
    } else if (!heading && asked && shown !== asked) {
      shown = asked;
      setTimeout(() => find("#answer textarea").focus(), 100);
    }
  }).observe(document.body, { childList: true, subtree: true });
}
