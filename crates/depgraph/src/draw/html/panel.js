// All about one package.

const panel = document.getElementById("panel");

function made(name, words = "", attributes = {}) {
  const element = document.createElement(name);
  if (words !== "") element.textContent = words;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The name, and the version where the name alone is not enough. */
function called(it) {
  return it.twice && it.version ? `${it.name} ${it.version}` : it.name;
}

/** A package that can be gone to. */
function link(it, words = called(it)) {
  const button = made("button", words, { type: "button", class: `link ${it.category}` });
  button.addEventListener("click", () => select(it, { goes: true }));
  return button;
}

function fillPanel(it, ways) {
  panel.replaceChildren();
  const close = made("button", "×", { type: "button", class: "close", "aria-label": "Close" });
  close.addEventListener("click", () => select(null));
  const heading = made("h2", it.name);
  if (it.version) heading.append(made("span", ` ${it.version}`, { class: "version" }));
  panel.append(close, heading, tags(it), facts(it), actions(it));
  if (it.role !== "project") panel.append(why(it, ways));
  panel.append(needs("Needs", it.out, (edge) => packages[edge.to]));
  panel.append(needs("Needed by", it.in, (edge) => packages[edge.from]));
  panel.append(imports(it));
}

function tags(it) {
  const list = made("p", "", { class: "tags" });
  const role = { project: "project", direct: "declared", indirect: "brought in", loose: "needed by nothing" }[it.role];
  list.append(made("span", it.category, { class: `tag category ${it.category}` }), made("span", role, { class: "tag" }));
  if (it.dev) list.append(made("span", "development only", { class: "tag" }));
  if (it.circle) list.append(made("span", "in a circle", { class: "tag warning" }));
  if (it.twice) list.append(made("span", "several versions", { class: "tag warning" }));
  return list;
}

function facts(it) {
  const list = made("dl");
  const fact = (name, value) => {
    if (value === null || value === undefined || value === "") return;
    const row = made("div");
    const cell = made("dd");
    cell.append(...[value].flat());
    row.append(made("dt", name), cell);
    list.append(row);
  };
  fact("Licence", it.licence);
  fact("Size", it.bytes === null ? null : bytes(it.bytes));
  fact("Source", it.source === "index" ? null : it.source);
  fact("Only where", it.marker);
  fact("Declared in", it.declared.join(", "));
  fact("Needed for", it.role === "project" ? null : it.scopes.map(scopeWords).join(", "));
  fact("Steps away", it.depth ? String(it.depth) : null);
  if (it.alone && it.role !== "project") fact("Brings along", `${it.alone} ${it.alone === 1 ? "package" : "packages"} that nothing else needs`);
  const others = packages.filter((other) => other.name === it.name && other !== it);
  fact("Also there", others.length ? others.map((other) => link(other, other.version ?? other.name)) : null);
  return list;
}

function actions(it) {
  const row = made("p", "", { class: "actions" });
  const only = made("button", filter.around === it ? "Show all again" : "Only this and what belongs to it", { type: "button" });
  only.addEventListener("click", () => isolate(it));
  const go = made("button", "Go there", { type: "button" });
  go.addEventListener("click", () => {
    showView("picture");
    centre(it);
  });
  row.append(only, go);
  return row;
}

const mostWays = 30;

function why(it, ways) {
  const section = made("section", "", { class: "why" });
  const one = ways.length === 1;
  const count = ways.length >= mostWays ? `${mostWays} of the shortest ways` : one ? "the shortest way" : `the ${ways.length} shortest ways`;
  section.append(made("h3", ways.length ? `Why it is here: ${count}` : "Why it is here"));
  if (!ways.length) section.append(made("p", "Nothing needs it.", { class: "quiet" }));
  const list = made("ol");
  for (const way of ways) {
    const item = made("li");
    way.forEach((step, place) => {
      if (place) item.append(made("span", " → ", { class: "quiet" }));
      item.append(step === it ? made("strong", called(step)) : link(step));
    });
    list.append(item);
  }
  if (ways.length) section.append(list);
  return section;
}

function needs(title, list, end) {
  const section = made("section");
  section.append(made("h3", `${title} · ${list.length}`));
  const names = made("ul");
  const sorted = [...list].sort((a, b) => end(a).name.localeCompare(end(b).name));
  for (const edge of sorted) {
    const item = made("li");
    item.append(link(end(edge)));
    for (const need of edge.needs) {
      const words = [need.extras.length ? `[${need.extras.join(", ")}]` : "", need.specifier ?? "", need.scope, need.marker ? `when ${need.marker}` : ""];
      const said = words.filter(Boolean).join(" ");
      if (said) item.append(made("span", ` ${said}`, { class: "quiet" }));
    }
    names.append(item);
  }
  if (list.length) section.append(names);
  return section;
}

function imports(it) {
  const section = made("section");
  const count = it.imported.length;
  // What others bring in need not be imported by anybody.
  if (!count && (!knowsImports || it.role !== "direct")) return section;
  section.append(made("h3", count ? `Imported in · ${count} ${count === 1 ? "file" : "files"}` : "Imported in no file"));
  const list = made("ul", "", { class: "files" });
  for (const [file, at] of it.imported) {
    const item = made("li");
    item.append(made("code", `${file}:${at}`));
    list.append(item);
  }
  if (count) section.append(list);
  return section;
}
