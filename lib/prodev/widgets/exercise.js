// The card of one exercise. Hints need no kernel; the solution is asked for, since it is not here
// until then.

const PATIENCE = 3000;

function fragment(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

// A screen reader hears what changes in a region, not what a region holds when it appears.
function speak(region) {
  return setTimeout(() => region.replaceChildren(...region.cloneNode(true).childNodes), 200);
}

function ladder(model) {
  const hints = model.get("hints");
  const list = element("ol", { className: "prodev-hints", "aria-label": "Hints" });
  const heard = element("div", { "aria-live": "polite" }, list);
  const button = element("button", { type: "button", className: "prodev-control" });

  function update() {
    const shown = model.get("hints_shown");
    while (list.children.length < shown) {
      const number = list.children.length;
      const label = element("span", { className: "prodev-dim" }, `Hint ${number + 1}`);
      const hint = element("div", { className: "prodev-part" }, fragment(hints[number]));
      list.append(element("li", {}, label, hint));
    }
    list.hidden = shown === 0;
    const left = shown < hints.length;
    button.textContent = left ? `Hint ${shown + 1} of ${hints.length}` : "All hints are shown";
    button.classList.toggle("prodev-button", left && model.get("look") === "bad");
    button.ariaDisabled = left ? null : "true";
    // A button that vanished under the keyboard would lose its place in the page.
    const focused = button.getRootNode().activeElement === button;
    button.hidden = model.get("look") === "good" || (!left && !focused);
    // What was asked for pushes the button down, and with it the place of whoever asked.
    if (focused) button.scrollIntoView({ block: "nearest" });
  }
  button.addEventListener("click", () => {
    const shown = model.get("hints_shown");
    if (shown < hints.length) save(model, { hints_shown: shown + 1 });
  });
  button.addEventListener("blur", update);
  return { heard, button, update };
}

function revealer(model) {
  const button = element("button", { type: "button", className: "prodev-control" });
  const question = element("span", { role: "status" });
  const yes = element("button", { type: "button", className: "prodev-control" }, "Show");
  const no = element("button", { type: "button", className: "prodev-control" }, "Not yet");
  const asking = element("div", { className: "prodev-row prodev-told", hidden: true }, question, yes, no);
  const note = element("div", { role: "status" });
  const code = element("code", {});
  const block = element("pre", { tabIndex: 0, role: "group", "aria-label": "Solution" }, code);
  const answer = element("div", { className: "prodev-part" }, note, block);
  let waiting;

  function ask() {
    const times = model.get("attempts");
    const tried = times ? `have tried ${times} time${times === 1 ? "" : "s"}` : "have not tried yet";
    question.textContent = `You ${tried}. Show it anyway? It is recorded.`;
    asking.hidden = false;
  }
  function stopAsking() {
    asking.hidden = true;
    question.textContent = "";
  }
  function say(sentence) {
    clearTimeout(waiting);
    if (note.textContent !== sentence) note.textContent = sentence;
  }
  function fetch() {
    say("");
    waiting = setTimeout(
      () => say("Run the cell first: the solution comes from the kernel."),
      PATIENCE,
    );
    try {
      model.send({ ask: "solution" });
    } catch (error) {
      console.debug("No kernel is connected.", error);
    }
  }
  button.addEventListener("click", () => {
    if (model.get("solution")) save(model, { solution_open: !model.get("solution_open") });
    else if (!asking.hidden) stopAsking();
    else if (model.get("at_once")) fetch();
    else ask();
  });
  yes.addEventListener("click", () => {
    stopAsking();
    button.focus();
    fetch();
  });
  no.addEventListener("click", () => {
    stopAsking();
    button.focus();
  });

  function update() {
    const open = Boolean(model.get("solution")) && model.get("solution_open");
    if (model.get("solution")) say(open ? "An answer that passes:" : "");
    code.textContent = model.get("solution").trim();
    block.hidden = !open;
    const show = model.get("look") === "good" ? "Compare with the solution" : "Show the solution";
    button.textContent = open ? "Hide the solution" : show;
    button.hidden = !model.get("reveals") && !model.get("solution");
  }
  return { button, asking, answer, update, say, stop: () => clearTimeout(waiting) };
}

function render({ model, el }) {
  const name = unique("exercise");
  const parts = model.get("parts");
  const said = element("div", { className: "prodev-part", role: "status" }, fragment(parts.said));
  const hints = ladder(model);
  const solution = revealer(model);
  const buttons = element("div", { className: "prodev-row" }, hints.button, solution.button);
  const helps = [hints.heard, buttons, solution.asking, solution.answer];
  const seen = fragment(parts.seen);
  const task = fragment(parts.task);
  const card = element(
    "div",
    { className: "prodev-card", role: "group", "aria-labelledby": name },
    fragment(parts.head),
    said,
    ...(model.get("look") === "idle" ? [seen, task, ...helps] : [seen, ...helps, task]),
    fragment(parts.author),
  );
  card.dataset.look = model.get("look");
  card.querySelector(".prodev-title").id = name;
  card.addEventListener("keydown", keepKeys);
  hints.update();
  solution.update();
  el.append(card);

  const spoken = speak(said);
  const changes = "change:solution change:solution_open";
  const told = ({ sorry }) => sorry && solution.say(sorry);
  model.on("change:hints_shown", hints.update);
  model.on(changes, solution.update);
  model.on("msg:custom", told);
  return () => {
    clearTimeout(spoken);
    solution.stop();
    model.off("change:hints_shown", hints.update);
    model.off(changes, solution.update);
    model.off("msg:custom", told);
  };
}

export default { render };
