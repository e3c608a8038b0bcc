// A quiz that grades itself in the page. With a kernel the answers are kept in the model; without
// one it works the same.

// What stands between `backticks` becomes code.
function inline(text) {
  return text
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 ? element("code", {}, part) : part));
}

function say(place, look, sign, words, feedback) {
  const told = element("strong", { className: `prodev-${look}` }, `${sign} ${words}`);
  place.replaceChildren(told, feedback ? " " : "", ...inline(feedback));
}

function showQuestion(question, heading, group, onCheck) {
  const radios = question.choices.map((_, i) =>
    element("input", { type: "radio", name: group, value: String(i) }),
  );
  const labels = question.choices.map((choice, i) =>
    element("label", { className: "prodev-option" }, radios[i], element("span", {}, ...inline(choice.text))),
  );
  const status = element("div", { className: "prodev-told", role: "status" });
  const check = element("button", { type: "button", className: "prodev-control prodev-button" }, "Check");
  const legend = element(
    "legend",
    {},
    element("span", { className: "prodev-dim prodev-small" }, heading),
    element("span", { className: "prodev-ask" }, ...inline(question.prompt)),
  );
  const parts = [legend];
  if (question.code) {
    const code = question.code.replace(/^\n+|\s+$/g, "");
    parts.push(element("pre", { tabIndex: 0, role: "group", "aria-label": "Code" }, code));
  }
  const field = element("fieldset", {}, ...parts, ...labels);
  const box = element("div", { className: "prodev-question" }, field, status);
  field.append(element("div", { className: "prodev-row" }, check));

  function mark(index) {
    const right = question.choices[index].right;
    labels[index].dataset.tried = right ? "right" : "wrong";
    if (!labels[index].querySelector(".prodev-tried")) {
      const look = right ? "good" : "bad";
      const told = right ? "✓ right" : "✕ not right";
      labels[index].append(element("span", { className: `prodev-tried prodev-${look}` }, told));
    }
  }

  let solved = false;
  function tell(index) {
    const choice = question.choices[index];
    solved ||= choice.right;
    if (choice.right) say(status, "good", "✓", "Right.", choice.feedback);
    else say(status, "bad", "✕", solved ? "Not this one." : "Not yet.", choice.feedback);
  }

  function grade() {
    const index = radios.findIndex((radio) => radio.checked);
    if (index < 0) {
      say(status, "warn", "!", "Choose an answer first.", "");
      return;
    }
    mark(index);
    tell(index);
    onCheck(index, question.choices[index].right);
  }

  check.addEventListener("click", grade);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      grade();
    }
  });

  // A page that is opened again shows what was answered before.
  function restore(answer) {
    if (!answer) return;
    mark(answer.first);
    const right = question.choices.findIndex((choice) => choice.right);
    const index = answer.right ? right : answer.first;
    mark(index);
    radios[index].checked = true;
    tell(index);
  }

  return { box, restore };
}

function render({ model, el }) {
  const questions = model.get("questions");
  const name = unique("quiz");
  let answers = { ...model.get("answers") };
  const score = element("p", { className: "prodev-status" });
  const note = element("p", { className: "prodev-warn", role: "status" });

  function count() {
    const all = questions.map((question) => answers[question.slug]);
    const first = all.filter((answer) => answer && answer.right && answer.tries === 1).length;
    const left = all.filter((answer) => !answer || !answer.right).length;
    const rest = left ? `, ${left} still to answer` : ", all answered";
    note.textContent = model.get("note");
    score.textContent = `${first} of ${questions.length} right at the first try${rest}`;
  }

  function keep(slug, index, right) {
    const before = answers[slug];
    // Once it is right, looking at the other choices' feedback changes nothing.
    if (before && before.right) return;
    const answer = {
      first: before ? before.first : index,
      tries: (before ? before.tries : 0) + 1,
      right,
    };
    answers = { ...answers, [slug]: answer };
    save(model, { answers });
    count();
  }

  const shown = questions.map((question, i) =>
    showQuestion(question, `Question ${i + 1} of ${questions.length}`, `${name}-${i}`, (index, right) =>
      keep(question.slug, index, right),
    ),
  );
  function restore() {
    shown.forEach(({ restore }, i) => restore(answers[questions[i].slug]));
    count();
  }
  restore();

  // The kernel, or another view of this quiz, may know more than this page.
  function changed() {
    const now = model.get("answers");
    if (JSON.stringify(now) === JSON.stringify(answers)) return;
    answers = { ...now };
    restore();
  }
  model.on("change:answers", changed);
  model.on("change:note", count);

  const title = element("p", { className: "prodev-title", id: name }, model.get("title"));
  const card = element(
    "div",
    { className: "prodev-card", role: "group", "aria-labelledby": name },
    title,
    ...shown.map(({ box }) => box),
    score,
    note,
  );
  card.addEventListener("keydown", keepKeys);
  el.append(card);
  return () => {
    model.off?.("change:answers", changed);
    model.off?.("change:note", count);
  };
}

export default { render };
