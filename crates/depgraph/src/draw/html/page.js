// What the keys, buttons and fields do.

const state = { selected: null, pointed: null, view: "picture", matches: [], match: -1 };
const search = document.getElementById("search");
const found = document.getElementById("found");
const byId = (id) => document.getElementById(id);

function say(words) {
  byId("said").textContent = words;
}

/** Draws again after the filter has changed. */
function refresh(isSlow = true) {
  const shown = draw();
  const all = packages.length;
  byId("shown").textContent = shown.length === all ? `${all} shown` : `${shown.length} of ${all} shown`;
  byId("reset").hidden = !isFiltered();
  if (state.selected && !view.places.has(state.selected)) select(null);
  fillTable();
  relight();
  lookFor();
  fit(isSlow);
  setTabStop(state.selected ?? state.pointed ?? shown[0]);
}

function relight() {
  const it = state.pointed ?? state.selected;
  light(it ? partsOf(it, it === state.selected ? waysTo(it, mostWays) : []) : null);
}

/** One package can be reached by Tab; the arrows go from there. */
function setTabStop(it) {
  for (const one of boxes.querySelectorAll("[tabindex='0']")) one.setAttribute("tabindex", "-1");
  it?.element.setAttribute("tabindex", "0");
}

function select(it, { goes = false } = {}) {
  if (it && !view.places.has(it)) {
    resetFilter();
    fillFilters();
    refresh(false);
  }
  const before = state.selected;
  state.selected = it;
  state.pointed = null;
  before?.element.classList.remove("selected");
  panel.hidden = !it;
  document.body.classList.toggle("with-panel", Boolean(it));
  if (it) {
    it.element.classList.add("selected");
    fillPanel(it, waysTo(it, mostWays));
    panel.scrollTop = 0;
    setTabStop(it);
    say(`${it.name} ${it.version ?? ""}`);
    if (goes && !isInView(it)) centre(it);
  }
  relight();
  if (state.view === "table") fillTable();
  const mark = it ? `#${encodeURIComponent(it.name)}` : "";
  if (decodeURI(location.hash) !== decodeURI(mark)) history.replaceState(null, "", mark || location.pathname);
}

function isolate(it) {
  filter.around = filter.around === it ? null : it;
  refresh();
  if (state.selected) fillPanel(state.selected, waysTo(state.selected, mostWays));
}

function showView(name) {
  state.view = name;
  stage.hidden = name !== "picture";
  table.hidden = name !== "table";
  byId("show-picture").setAttribute("aria-pressed", name === "picture");
  byId("show-table").setAttribute("aria-pressed", name === "table");
  if (name === "table") fillTable();
}

function resetAll() {
  resetFilter();
  fillFilters();
  refresh();
}

function choice(words, count, isOn, mark, change) {
  const label = made("label", "", { class: `choice ${mark}` });
  const box = made("input", "", { type: "checkbox" });
  box.checked = isOn;
  box.addEventListener("change", () => {
    change(box.checked);
    refresh();
  });
  label.append(box);
  if (mark) label.append(made("i", "", { class: "swatch", "aria-hidden": "true" }));
  label.append(made("span", words), made("span", count === null ? "" : String(count), { class: "count" }));
  return label;
}

function toggled(set, value) {
  return (isOn) => (isOn ? set.add(value) : set.delete(value));
}

function fillFilters() {
  const count = (test) => packages.filter((it) => it.role !== "project" && test(it)).length;
  byId("categories").replaceChildren(
    ...data.categories.map((name) => {
      const one = choice(name, count((it) => it.category === name), filter.categories.has(name), name, toggled(filter.categories, name));
      const only = made("button", "only", { type: "button", class: "just", "aria-label": `Only ${name}` });
      only.addEventListener("click", () => {
        filter.categories = new Set([name]);
        fillFilters();
        refresh();
      });
      const row = made("div", "", { class: "row" });
      row.append(one, only);
      return row;
    }),
  );
  byId("scopes").replaceChildren(
    ...data.scopes.map((_, scope) =>
      choice(scopeWords(scope), count((it) => it.scopes.includes(scope)), filter.scopes.has(scope), "", toggled(filter.scopes, scope)),
    ),
  );
  byId("scope-box").hidden = data.scopes.length < 2;
  const there = Object.entries(kinds).filter(([kind, { is }]) => (kind !== "unimported" || knowsImports) && packages.some(is));
  byId("only").replaceChildren(
    ...there.map(([kind, { words, is }]) => choice(words, packages.filter(is).length, filter.only.has(kind), "", toggled(filter.only, kind))),
  );
  byId("lines").replaceChildren(
    choice("also those that a longer way makes unnecessary", null, view.implied, "", (isOn) => (view.implied = isOn)),
  );
  byId("depth").max = deepest;
  byId("depth").value = filter.depth;
  byId("depth-value").textContent = filter.depth === deepest ? "all" : `at most ${filter.depth}`;
}

function lookFor() {
  const wanted = search.value.trim().toLowerCase();
  const shown = [...view.places.keys()];
  const rank = (it) => (it.lower === wanted ? 0 : it.lower.startsWith(wanted) ? 1 : 2);
  state.matches = wanted ? shown.filter((it) => it.lower.includes(wanted)).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)) : [];
  state.match = -1;
  picture.classList.toggle("searching", wanted !== "");
  const matches = new Set(state.matches);
  for (const it of packages) it.element.classList.toggle("match", matches.has(it));
  fillFound(wanted);
}

const mostFound = 12;

function fillFound(wanted) {
  const isOpen = wanted !== "" && document.activeElement === search;
  found.hidden = !isOpen;
  search.setAttribute("aria-expanded", String(isOpen));
  search.removeAttribute("aria-activedescendant");
  found.replaceChildren();
  state.matches.slice(0, mostFound).forEach((it, place) => {
    const item = made("li", "", { role: "option", id: `found-${place}`, "aria-selected": "false", class: it.category });
    const at = it.lower.indexOf(wanted);
    item.append(made("i", "", { class: "swatch" }), it.name.slice(0, at), made("mark", it.name.slice(at, at + wanted.length)), it.name.slice(at + wanted.length));
    item.append(made("span", ` ${it.version ?? ""}`, { class: "quiet" }));
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      jump(place);
    });
    found.append(item);
  });
  const more = state.matches.length - mostFound;
  if (more > 0) found.append(made("li", `and ${more} more`, { class: "quiet more" }));
  if (wanted && !state.matches.length) found.append(made("li", "nothing of this name is shown", { class: "quiet more" }));
  if (wanted) say(`${state.matches.length} found`);
}

function openFound() {
  found.hidden = state.matches.length === 0;
  search.setAttribute("aria-expanded", String(!found.hidden));
}

function closeFound() {
  found.hidden = true;
  search.setAttribute("aria-expanded", "false");
}

/** Goes to a package that was found. */
function jump(place) {
  const count = state.matches.length;
  if (!count) return;
  state.match = (place + count) % count;
  const it = state.matches[state.match];
  for (const [index, item] of [...found.children].entries()) item.setAttribute("aria-selected", String(index === state.match));
  if (state.match < mostFound) search.setAttribute("aria-activedescendant", `found-${state.match}`);
  select(it);
  if (state.view === "picture") centre(it);
}

search.addEventListener("input", () => {
  lookFor();
  if (state.view === "table") fillTable();
});
search.addEventListener("focus", lookFor);
search.addEventListener("blur", closeFound);
search.addEventListener("keydown", (event) => {
  const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    jump(state.match + steps[event.key]);
    if (event.key === "Enter") closeFound();
    else openFound();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    if (search.value === "") search.blur();
    search.value = "";
    lookFor();
    fillTable();
  }
});

/** The package in a direction from another. */
function neighbour(it, key) {
  const seen = (list, end) => list.map((edge) => packages[edge[end]]).filter((one) => view.places.has(one));
  const at = view.places.get(it);
  const nearest = (list) => {
    const far = (one) => Math.abs(view.places.get(one).y - at.y) + Math.abs(view.places.get(one).x - at.x) / 4;
    return list.reduce((best, one) => (!best || far(one) < far(best) ? one : best), null);
  };
  if (key === "ArrowLeft") return nearest(seen(it.in, "from"));
  if (key === "ArrowRight") return nearest(seen(it.out, "to"));
  const isAfter = (one) => (key === "ArrowDown" ? view.places.get(one).y > at.y + 1 : view.places.get(one).y < at.y - 1);
  const column = [...view.places.keys()].filter((one) => Math.abs(view.places.get(one).x - at.x) < 1 && isAfter(one));
  return nearest(column);
}

function packageOf(event) {
  const element = event.target instanceof Element ? event.target.closest(".package") : null;
  return element ? packages[Number(element.dataset.index)] : null;
}

picture.addEventListener("pointerover", (event) => {
  const it = event.pointerType === "touch" || pointers.size ? null : packageOf(event);
  if (it === state.pointed) return;
  state.pointed = it;
  relight();
});
picture.addEventListener("pointerleave", () => {
  state.pointed = null;
  relight();
});
picture.addEventListener("focusin", (event) => {
  const it = packageOf(event);
  if (!it || !it.element.matches(":focus-visible")) return;
  state.pointed = it;
  relight();
  if (!isInView(it)) centre(it);
});
picture.addEventListener("focusout", () => {
  state.pointed = null;
  relight();
});
picture.addEventListener("click", (event) => {
  if (dragged >= 4) return;
  select(packageOf(event));
});
picture.addEventListener("dblclick", (event) => {
  const it = packageOf(event);
  if (it) isolate(it);
});
picture.addEventListener("keydown", (event) => {
  const it = packageOf(event);
  if (!it || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    const next = neighbour(it, event.key);
    if (!next) return;
    setTabStop(next);
    next.element.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    select(it);
    panel.focus();
  }
});

const themes = ["light", "dark"];

function toggleTheme() {
  const isDark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = themes[isDark ? 0 : 1];
}

function escape() {
  if (document.body.classList.contains("with-filters")) return showFilters(false);
  if (!state.selected) {
    if (filter.around) isolate(filter.around);
    return;
  }
  const it = state.selected;
  const wasInPanel = panel.contains(document.activeElement);
  select(null);
  if (wasInPanel && state.view === "picture") it.element.focus();
}

const keys = {
  "/": () => {
    search.focus();
    search.select();
  },
  "+": () => zoomMiddle(1.25),
  "=": () => zoomMiddle(1.25),
  "-": () => zoomMiddle(0.8),
  0: () => fit(true),
  t: () => showView(state.view === "table" ? "picture" : "table"),
  d: toggleTheme,
  i: () => {
    const it = state.selected ?? state.pointed ?? filter.around;
    if (it) isolate(it);
  },
  "?": () => byId("help").showModal(),
  Escape: escape,
};

addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement && event.target.type === "search";
  if (isTyping || byId("help").open || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

function showFilters(isOpen) {
  document.body.classList.toggle("with-filters", isOpen);
  byId("show-filters").setAttribute("aria-expanded", String(isOpen));
}

byId("show-filters").addEventListener("click", () => showFilters(!document.body.classList.contains("with-filters")));
byId("show-picture").addEventListener("click", () => showView("picture"));
byId("show-table").addEventListener("click", () => showView("table"));
byId("theme").addEventListener("click", toggleTheme);
byId("show-help").addEventListener("click", () => byId("help").showModal());
byId("zoom-in").addEventListener("click", () => zoomMiddle(1.25));
byId("zoom-out").addEventListener("click", () => zoomMiddle(0.8));
byId("zoom-fit").addEventListener("click", () => fit(true));
byId("reset").addEventListener("click", resetAll);
byId("reset-too").addEventListener("click", resetAll);
byId("depth").addEventListener("input", () => {
  filter.depth = Number(byId("depth").value);
  byId("depth-value").textContent = filter.depth === deepest ? "all" : `at most ${filter.depth}`;
  refresh();
});

function selectFromAddress() {
  let name = "";
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch {
    // An address that somebody cut off names no package.
  }
  const it = packages.find((one) => one.name === name);
  if (it && it !== state.selected) {
    select(it);
    centre(it);
  }
}

/** What the marks mean, for those that there are. */
function fillMarks() {
  const marks = [
    ["direct", "declared", packages.some((it) => it.role === "direct" && !it.dev)],
    ["direct dev", "declared for development", packages.some((it) => it.role === "direct" && it.dev)],
    ["indirect", "brought in by others", packages.some((it) => it.role === "indirect")],
    ["twice", "in several versions", packages.some((it) => it.twice)],
    ["circle", "need each other in a circle", packages.some((it) => it.circle)],
    ["loose", "needed by nothing", packages.some((it) => it.role === "loose")],
  ].filter(([, , isThere]) => isThere);
  for (const [mark, words] of marks) {
    const example = drawn("svg", { width: 30, height: 16, "aria-hidden": "true" });
    const group = drawn("g", { class: `package core ${mark}` });
    if (mark === "twice") group.append(drawn("rect", { class: "behind", x: 3, y: 3, width: 26, height: 12, rx: 4 }));
    group.append(drawn("rect", { class: "box", x: 1, y: 1, width: 26, height: 12, rx: 4 }));
    if (!mark.startsWith("direct")) group.append(drawn("rect", { class: "bar", x: 4, y: 4, width: 3, height: 6, rx: 1.5 }));
    example.append(group);
    const row = made("p");
    row.append(example, made("span", words));
    byId("marks").append(row);
  }
  if (packages.some((it) => it.badge)) {
    const row = made("p");
    row.append(made("span", "+7"), made("span", "so many packages that nothing else needs"));
    byId("marks").append(row);
  }
  if (data.leftOut) byId("marks").append(made("p", `${data.leftOut} packages farther away from the projects are left out.`));
}

byId("title").textContent = data.title;
byId("summary").title = data.summary;
fillMarks();
byId("summary").textContent = data.summary;
document.title = `${data.title}: dependencies`;
fillFilters();
refresh(false);
begin();
selectFromAddress();
addEventListener("hashchange", selectFromAddress);
addEventListener("beforeprint", () => {
  // On paper, all that is shown; how large the window is does not matter.
  const { x, y, w, h } = view.extent;
  picture.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  world.removeAttribute("transform");
  picture.classList.remove("far");
});
addEventListener("afterprint", () => {
  picture.removeAttribute("viewBox");
  move(view.x, view.y, view.zoom);
});
let isSized = false;
new ResizeObserver(() => {
  // The first report is the size at the beginning.
  if (isSized && !state.selected && stage.clientWidth) begin();
  isSized = true;
}).observe(stage);
document.documentElement.dataset.ready = "yes";
