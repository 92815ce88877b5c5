// Links of the page: #src-ID opens a passage, #demo-NAME a demo, #ask-N asks a guide question.
// Addresses: ?ask=N asks and ?demo=NAME opens a demo here; guide?… is read in its own place, and
// lab?demo=NAME&text=… opens a demo in the Lab.
() => {
  const find = (selector) => document.querySelector(selector);

  // A tab's button is named after its panel.
  const openTab = (id) => {
    const button = document.getElementById(`${id}-button`);
    if (button && button.getAttribute("aria-selected") !== "true") button.click();
  };

  const fill = (box, text) => {
    const prototype = box.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // The box has taken the text when its own handlers have run.
  const send = (box, text) => {
    fill(box, text);
    setTimeout(() => box.dispatchEvent(
      new KeyboardEvent("keypress", { key: "Enter", bubbles: true })), 60);
  };

  // What is opened has something to see: its main button is pressed, once for one who opens a tab,
  // and for one who follows a link every time, after the words that the link brings are in its box.
  const pressed = new WeakSet();
  const begin = (place, words = null) => {
    const seen = (selector) => [...place.querySelectorAll(selector)].find((e) => e.offsetParent);
    const press = () => waitFor(() => seen("button.primary"), (button) => {
      if (words !== null || !pressed.has(button)) button.click();
    });
    // A plot that was drawn, or a window that was changed, while the plot was out of sight.
    window.dispatchEvent(new Event("resize"));
    if (!words) return press();
    return waitFor(() => seen("textarea"), (box) => bring(box, words, press));
  };
  // A box that has just been built is given its own text a moment later: words are put in until
  // they stay for three looks.
  const bring = (box, words, then, looks = 20, stays = 3) => {
    const there = box.value === words;
    if (!there) fill(box, words);
    if (looks && stays) setTimeout(bring, 100, box, words, then, looks - 1, there ? stays - 1 : 3);
    else then();
  };

  // In the Lab nothing goes on that is no longer looked at: others wait for the same model.
  const leave = () => {
    const left = [...document.querySelectorAll("#demos > .tabitem")].find((e) => e.offsetParent);
    const seen = (selector) => left
      ? [...left.querySelectorAll(selector)].filter((e) => e.offsetParent) : [];
    const busy = seen(".generating, .translucent, .progress-text")
      .some((mark) => !mark.classList.contains("hide"));
    const stop = seen("button").find((button) => button.innerText.trim() === "Stop");
    if (busy && stop) stop.click();
  };

  const lastWords = () => {
    const turns = document.querySelectorAll("#chat .user .message, #chat .message.user");
    return turns.length ? turns[turns.length - 1].innerText.trim() : "";
  };
  const labOf = (name, words) => `lab?${new URLSearchParams(
    words ? { demo: name, text: words.slice(0, 1000) } : { demo: name })}`;

  // A demo is opened here if it has a tab here, else in the Lab.
  const openDemo = (name, words) => {
    const id = `tab-${name}`;
    if (!document.getElementById(`${id}-button`)) {
      location.assign(labOf(name, words));
      return;
    }
    openTab(id);
    waitFor(() => document.getElementById(id), (place) => {
      begin(place, words);
      place.setAttribute("tabindex", "-1");
      place.focus({ preventScroll: true });
      find("#panel, #lab").scrollIntoView({ block: "start" });
    });
  };

  // The sources of the last answer are there; a passage that an older one cites is asked for.
  const showSource = (link) => {
    const id = link.getAttribute("href").slice(1);
    openTab("tab-sources");
    if (!document.getElementById(id)) {
      const message = link.closest(".message");
      const answer = message ? message.innerText : "";
      send(find("#wanted textarea"), JSON.stringify({ id: id.slice(4), answer }));
    }
    waitFor(() => document.getElementById(id), (source) => {
      document.querySelectorAll(".source.shown").forEach((s) => s.classList.remove("shown"));
      source.classList.add("shown");
      source.setAttribute("tabindex", "-1");
      source.focus({ preventScroll: true });
      (source.querySelector("mark") || source).scrollIntoView({ block: "nearest" });
    });
  };

  // Looks for something now and then, for half a minute at most: a page comes slowly where the
  // network is slow or the processor is shared.
  const waitFor = (look, act, tries = 300) => {
    const found = look();
    if (found) act(found);
    else if (tries) setTimeout(() => waitFor(look, act, tries - 1), 100);
  };

  // An answer is read from its first line: after a turn is posted, the conversation scrolls until
  // the turn stands at the top, and no further; whoever scrolls meanwhile is left alone.
  let asked = 0;
  let following = false;
  let resent = false; // an edited turn is about to take the place of all that follows it
  document.addEventListener("resent", ({ detail: last }) => { following = last; resent = !last; });
  const scroller = () => find("#chat .bubble-wrap");
  const follow = () => {
    const turns = document.querySelectorAll("#chat .user.message");
    const box = scroller();
    if (!box) return;
    if (turns.length !== asked) {
      following = turns.length > asked || resent;
      asked = turns.length;
      resent = false;
    }
    if (!following || !turns.length) return;
    const top = turns[turns.length - 1].getBoundingClientRect().top;
    box.scrollTop += top - box.getBoundingClientRect().top - 12;
  };
  waitFor(scroller, () => {
    new MutationObserver(follow).observe(find("#chat"), { childList: true, subtree: true, characterData: true });
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      find("#chat").addEventListener(kind, () => { following = false; }, { passive: true });
    }
  });

  // What the address wishes is done once, when the conversation kept in the browser is there.
  document.addEventListener("reopened", () => {
    const wishes = new URLSearchParams(location.search);
    const [number, demo] = [wishes.get("ask") || "", wishes.get("demo") || ""];
    if (!number && !demo) return;
    history.replaceState(null, "", location.pathname);
    if (/^\d+$/.test(number)) send(find("#box textarea"), `Q${number}`);
    else if (/^\w+$/.test(demo)) {
      // Tabs come one after the other: one that is not there yet is not in the Lab for that.
      const known = `#tab-${demo}-button, #further a[href*="demo=${demo}"]`;
      waitFor(() => find(known), () => openDemo(demo, lastWords()));
    }
  });

  // Tabs of the page in one browser tell each other what the record has become: tutor/web/tabs.py.
  try {
    const others = new BroadcastChannel("tutor-record");
    document.addEventListener("tell", (event) => others.postMessage(event.detail));
    others.addEventListener("message", (event) => {
      const box = find("#told textarea");
      if (box) send(box, event.data);
    });
  } catch { /* a browser that keeps tabs apart: then there is nothing to tell */ }

  // A question that stays open for a while counts as read.
  let reading = 0;
  const readFor = (number) => {
    clearTimeout(reading);
    reading = setTimeout(() => { if (number) send(find("#seen textarea"), number); }, 10_000);
  };

  // The guide's links are followed without a reload; the address stays one that can be kept.
  const read = (address) => {
    send(find("#opened textarea"), address.search || "?");
    land(address);
  };
  const land = (address) => {
    document.querySelectorAll("#listed a").forEach((link) => {
      const here = link.search === address.search && !link.hash;
      if (here) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "center" });
      } else link.removeAttribute("aria-current");
    });
    readFor(new URLSearchParams(address.search).get("q"));
    wished = { search: address.search, hash: address.hash };
    settle();
  };
  // The text comes when the server sends it, and grows once more when its mathematics is set: the
  // place is kept through both, until the reader moves on.
  let wished = null;
  const settle = () => {
    const title = find("#article h2");
    if (!wished || !title) return;
    const number = new URLSearchParams(wished.search).get("q");
    if (number && !title.innerText.startsWith(`Q${number}:`)) return;
    const place = document.getElementById(wished.hash.slice(1));
    if (place && place.tagName === "DETAILS") place.open = true;
    if (place) place.scrollIntoView({ block: "start" });
    else scrollTo(0, 0);
  };
  if (find("#reading")) {
    new MutationObserver(settle).observe(find("#article"), { childList: true, subtree: true });
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      document.addEventListener(kind, () => { wished = null; }, { passive: true });
    }
    window.addEventListener("popstate", () => read(location));
    land(location);
  }

  // The record of another tab is newer than what this one holds: places that can, begin anew.
  window.addEventListener("storage", (event) => {
    if (event.key === "tutor-record" && find("#reading, #progress")) location.reload();
  });

  // A record that was saved to a file comes back as text.
  document.addEventListener("change", (event) => {
    const [file] = (event.target.id === "load" && event.target.files) || [];
    if (!file) return;
    file.text().then((text) => send(find("#loaded textarea"), text));
    event.target.value = "";
  });

  // The Lab opens what its address names: a demo, or the pictures of all.
  const openLab = (address) => {
    const wishes = new URLSearchParams(address.search);
    const name = wishes.get("demo") || "";
    if (!/^\w+$/.test(name)) openTab("tab-index");
    else waitFor(() => find(`#tab-${name}-button`), () => openDemo(name, wishes.get("text")));
  };
  if (find("#lab")) {
    window.addEventListener("popstate", () => openLab(location));
    waitFor(() => find("#tab-index-button"), () => openLab(location));
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#demos > .tab-wrapper [role=tab]")) leave();
    const main = event.target.closest("button.primary");
    if (main) pressed.add(main);
  }, { capture: true });

  document.addEventListener("click", (event) => {
    // A demo's tab that a person opens; one that the script opens is begun by it.
    const tab = event.target.closest("[role=tab]");
    if (tab && event.isTrusted && tab.closest("#panel, #demos")) {
      const name = tab.id.replace(/^tab-|-button$/g, "");
      if (tab.closest("#demos > .tab-wrapper")) {
        history.pushState(null, "", name === "index" ? "lab" : labOf(name));
      }
      const shown = () => [...tab.closest(".tabs").children]
        .find((e) => e.matches(".tabitem") && e.offsetParent);
      setTimeout(() => waitFor(shown, (place) => begin(place)), 50);
    }
    const link = event.target.closest("a");
    const href = link ? link.getAttribute("href") || "" : "";
    const plainly = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (href.startsWith("lab") && find("#lab") && plainly) {
      event.preventDefault();
      history.pushState(null, "", link.href);
      openLab(link);
    } else if (link && link.matches(".expand")) {
      const box = link.closest(".tabitem").querySelector("textarea");
      link.href = labOf(new URLSearchParams(link.search).get("demo"), box ? box.value : "");
    } else if (href.startsWith("guide?") && find("#reading") && plainly) {
      event.preventDefault();
      history.pushState(null, "", link.href);
      read(link);
    } else if (href.startsWith("#src-")) {
      event.preventDefault();
      showSource(link);
    } else if (href.startsWith("#demo-")) {
      event.preventDefault();
      const name = href.slice(6);
      openDemo(name, name === "xray" ? "" : lastWords());
    } else if (href.startsWith("#ask-")) {
      event.preventDefault();
      const box = find("#box textarea");
      if (box) {
        send(box, `Q${href.slice(5)}`);
        box.focus();
      } else location.assign(`guide?q=${href.slice(5)}`);
    }
  });
}
