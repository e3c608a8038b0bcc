// A table that filters itself in the page. It needs no kernel: everything it knows is in the model.

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function line(row) {
  const [first, ...rest] = row.cells;
  const head = element("th", { scope: "row" });
  if (row.icon) head.append(element("span", { "aria-hidden": "true" }, `${row.icon} `));
  head.append(first);
  return element("tr", {}, head, ...rest.map((cell) => element("td", {}, cell || "–")));
}

function render({ model, el }) {
  const rows = model.get("rows");
  const name = unique("table");
  const title = element("p", { className: "prodev-title", id: name }, model.get("title"));
  const search = element("input", { className: "prodev-control prodev-search", type: "search", autocomplete: "off" });
  const kinds = [...new Set(rows.map((row) => row.kind))];
  const kind = element("select", { className: "prodev-control" }, element("option", { value: "" }, "all"));
  kind.append(...kinds.map((value) => element("option", { value }, value || "–")));
  const status = element("span", { className: "prodev-dim", role: "status" });
  const tools = element(
    "div",
    { className: "prodev-row" },
    element("label", {}, "Search ", search),
  );
  if (kinds.length > 1) tools.append(element("label", {}, "Kind ", kind));
  tools.append(status);

  const heads = model.get("columns").map((text) => element("th", { scope: "col" }, text));
  const lines = rows.map(line);
  const table = element(
    "table",
    { "aria-labelledby": name },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...lines),
  );
  const texts = rows.map((row) => plain(row.cells.join(" ")));

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    lines.forEach((row, i) => {
      const keep = words.every((word) => texts[i].includes(word));
      row.hidden = !keep || (kind.value !== "" && rows[i].kind !== kind.value);
      shown += row.hidden ? 0 : 1;
    });
    const none = shown ? "" : ": no row has these words";
    status.textContent = `${shown} of ${rows.length} rows${none}`;
  }

  search.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  const scroll = element("div", { className: "prodev-scroll" }, table);
  const card = element("div", { className: "prodev-card" }, title, tools, scroll);
  card.addEventListener("keydown", keepKeys);
  filter();
  el.append(card);
}

export default { render };
