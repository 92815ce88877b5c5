// The Practice place: what only a browser has, a clock, a voice and a microphone.
// [data-say] is read aloud, [data-record] records and plays back, [data-answer] records and has it
// written down; .clock counts down from the moment its question is shown.
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

  // One recording at a time. A rehearsal stays in this page until the next one; an answer goes to
  // the server on this machine, which writes it down.
  const LONGEST = 240; // seconds, as the server has it
  const BITS = 24000; // a second: enough for a voice
  let recorder = null;
  let writing = false;
  const tell = (text) => { find("#tools .recorded").textContent = text; };

  const microphone = async () => {
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      tell("This browser gives no microphone here: it wants https or localhost.");
      return null;
    }
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch (error) {
      tell("The microphone was not allowed, or there is none.");
      return null;
    }
  };

  // How loud it is, from 0 to 1, so that one sees that the microphone hears.
  const ear = (stream) => {
    const context = new AudioContext();
    const meter = context.createAnalyser();
    const samples = new Float32Array(meter.fftSize);
    context.createMediaStreamSource(stream).connect(meter);
    return {
      level: () => {
        meter.getFloatTimeDomainData(samples);
        return Math.min(1, 6 * Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));
      },
      close: () => context.close(),
    };
  };

  const record = async (button, done) => {
    if (recorder) { recorder.stop(); return; }
    if (writing) return;
    writing = true; // no second press while the browser asks
    const stream = await microphone();
    writing = false;
    if (!stream) return;
    const name = button.textContent;
    const others = [...document.querySelectorAll("#tools button")].filter((one) => one !== button);
    const [pieces, from, hearing] = [[], Date.now(), ear(stream)];
    const going = find("#tools .going");
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS });
    const watch = setInterval(() => {
      const seconds = Math.floor((Date.now() - from) / 1000);
      going.querySelector(".level").style.setProperty("--level", hearing.level().toFixed(2));
      const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      const elapsed = going.querySelector(".elapsed");
      if (elapsed.textContent !== text) elapsed.textContent = text;
      // The question has gone, or the time is over.
      if ((!button.isConnected || seconds >= LONGEST - 1) && recorder) recorder.stop();
    }, 100);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      clearInterval(watch);
      hearing.close();
      stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      others.forEach((one) => { one.disabled = false; });
      going.hidden = true;
      button.textContent = name;
      if (button.isConnected) done(new Blob(pieces), Math.round((Date.now() - from) / 1000));
    };
    recorder.start();
    button.textContent = "Stop recording";
    others.forEach((one) => { one.disabled = true; });
    going.hidden = false;
    tell("");
  };

  const playBack = (sound, seconds) => {
    const player = document.createElement("audio");
    player.controls = true;
    player.src = URL.createObjectURL(sound);
    tell(` ${seconds} s `);
    find("#tools .recorded").append(player);
  };

  const writeDown = (sound) => {
    const reader = new FileReader();
    reader.onload = () => {
      const box = find("#recording textarea");
      const text = reader.result.slice(reader.result.indexOf(",") + 1);
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
      box.dispatchEvent(new Event("input", { bubbles: true }));
      // The box has taken the text when its own handlers have run.
      setTimeout(() => box.dispatchEvent(
        new KeyboardEvent("keypress", { key: "Enter", bubbles: true })), 60);
    };
    writing = true;
    find("#tools [data-answer]").disabled = true;
    tell("Writing down what you said …");
    reader.readAsDataURL(sound);
  };

  // Written down, or not: then the page says why.
  document.addEventListener("written", () => {
    writing = false;
    const button = find("#tools [data-answer]");
    if (!button) return;
    button.disabled = false;
    const words = find("#answer textarea").value.trim();
    tell(words ? "Look it over: words may have been misheard." : "");
    find("#answer textarea").focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#tools button");
    if (!button) return;
    if ("record" in button.dataset) record(button, playBack);
    else if ("answer" in button.dataset) record(button, writeDown);
    else if (!say(button.dataset.say)) tell("This browser has no voice.");
  });

  // Feedback is read from its beginning; the next question begins in its box.
  const smooth = () => (
    matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  let shown = "";
  new MutationObserver(() => {
    const heading = find("#feedback h3");
    const asked = (find("#asked h2") || {}).innerText || "";
    if (heading && shown !== heading.innerText + asked) {
      shown = heading.innerText + asked;
      heading.scrollIntoView({ block: "start", behavior: smooth() });
    } else if (!heading && asked && shown !== asked) {
      shown = asked;
      setTimeout(() => { const box = find("#answer textarea"); if (box) box.focus(); }, 100);
    }
  }).observe(document.body, { childList: true, subtree: true });
}
