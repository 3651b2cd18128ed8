// The picture: boxes and lines, moved and zoomed as one.

const picture = document.getElementById("picture");
const stage = document.getElementById("stage");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function drawn(name, attributes = {}, words = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (words) element.textContent = words;
  return element;
}

const world = drawn("g", { id: "world" });
const captions = drawn("g");
const lines = drawn("g", { class: packages.length > 160 ? "edges many" : "edges" });
const faint = drawn("g", { class: lines.getAttribute("class") });
const lit = drawn("g", { class: "edges lit" });
const boxes = drawn("g");
world.append(captions, faint, lines, lit, boxes);
picture.append(world);

const view = { x: 0, y: 0, zoom: 1, places: new Map(), extent: { x: 0, y: 0, w: 1, h: 1 }, implied: data.showsImplied };

packages.forEach((it) => boxes.append(box(it)));

function box(it) {
  const classes = ["package", it.category, it.role, it.dev && "dev", it.circle && "circle", it.twice && "twice"];
  const group = drawn("g", { class: classes.filter(Boolean).join(" "), role: "button", tabindex: "-1" });
  group.setAttribute("aria-label", [it.name, it.version, it.category, kinds[it.role]?.words].filter(Boolean).join(", "));
  group.dataset.index = it.index;
  const high = data.chip;
  if (it.twice) group.append(drawn("rect", { class: "behind", x: 3, y: 3, height: high, rx: 5 }));
  group.append(drawn("rect", { class: "box", height: high, rx: 5 }));
  if (it.role === "indirect" || it.role === "loose") {
    group.append(drawn("rect", { class: "bar", x: 4, y: 4, width: 3, height: high - 8, rx: 1.5 }));
  }
  const baseline = high / 2 + it.size * 0.35;
  const name = drawn("text", { x: it.size * 0.95, y: baseline, "font-size": it.size }, it.label);
  if (it.labelVersion) name.append(drawn("tspan", { class: "version", dx: 5, "font-size": it.size * 0.85 }, it.labelVersion));
  group.append(name);
  if (it.badge) group.append(drawn("text", { class: "badge", y: baseline, "font-size": it.size * 0.85 }, it.badge));
  it.element = group;
  return group;
}

/** Draws what the filter leaves. */
function draw() {
  const shown = shownPackages();
  const all = shown.length === packages.length;
  const places = arranged(shown);
  view.places = places;
  for (const it of packages) {
    const place = places.get(it);
    it.element.toggleAttribute("hidden", !place);
    if (!place) continue;
    it.element.setAttribute("transform", `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`);
    for (const part of it.element.querySelectorAll(".box, .behind")) part.setAttribute("width", place.w);
    it.element.querySelector(".badge")?.setAttribute("x", place.w - 7);
  }
  drawCaptions(places, all);
  drawLines(places, all, shown);
  const every = [...places.values()];
  const right = Math.max(1, ...every.map((it) => it.x + it.w));
  const bottom = Math.max(1, ...every.map((it) => it.y + data.chip));
  const top = Math.min(0, ...every.map((it) => it.y));
  view.extent = { x: -8, y: top - 36, w: right + 16, h: bottom - top + 46 };
  document.getElementById("nothing").hidden = shown.length > projects.length || shown.length === packages.length;
  return shown;
}

function drawCaptions(places, all) {
  captions.replaceChildren();
  if (all) {
    for (const it of data.captions) captions.append(drawn("text", { class: it.kind, x: it.x, y: it.y }, it.words));
    return;
  }
  const seen = new Set();
  const scopes = new Set();
  for (const [it, place] of places) {
    if (data.scopes.length > 1 && it.role === "direct" && it.declaredBy !== null && !scopes.has(it.declaredBy)) {
      scopes.add(it.declaredBy);
      captions.append(drawn("text", { class: "scope", x: place.left, y: place.y - 5 }, scopeWords(it.declaredBy)));
    }
    if (seen.has(place.level)) continue;
    seen.add(place.level);
    const isFar = place.isSteps && it.role === "indirect";
    captions.append(drawn("text", { class: "layer", x: place.left, y: -22 }, isFar ? `${it.depth} steps` : data.layers[it.layer]));
  }
}

function drawLines(places, all, shown) {
  lines.replaceChildren();
  faint.replaceChildren();
  const visible = edges.filter((edge) => {
    const [from, to] = [packages[edge.from], packages[edge.to]];
    return places.has(from) && places.has(to) && (view.implied || !edge.implied);
  });
  visible.sort((a, b) => a.circle - b.circle);
  for (const edge of visible) (edge.implied && !edge.circle ? faint : lines).append(line(edge, places, all));
  if (all || packages.length > 1500) return;
  for (const edge of bridges(shown)) {
    const [from, to] = [packages[edge.from], packages[edge.to]];
    lines.append(drawn("path", { class: `${from.category} bridge`, d: route(places.get(from), places.get(to)) }));
  }
}

function line(edge, places, all) {
  const [from, to] = [packages[edge.from], packages[edge.to]];
  const isFaint = edge.implied || to.layer < from.layer;
  const classes = [from.category, edge.dev && "dev", isFaint && "faint", edge.circle && "circle"];
  const way = all ? edge.way : route(places.get(from), places.get(to));
  return drawn("path", { class: classes.filter(Boolean).join(" "), d: way });
}

/** Lets everything step back but some packages and the lines between them. */
function light(parts) {
  lit.replaceChildren();
  picture.classList.toggle("lighting", parts !== null);
  picture.classList.toggle("around", filter.around !== null);
  for (const it of packages) it.element.classList.remove("on", "needs", "needed", "way");
  if (!parts) return;
  for (const [it, mark] of parts.packages) it.element.classList.add("on", mark);
  const all = view.places.size === packages.length;
  for (const [edge, mark] of parts.edges) {
    const [from, to] = [packages[edge.from], packages[edge.to]];
    if (!view.places.has(from) || !view.places.has(to)) continue;
    const element = line(edge, view.places, all);
    element.classList.add("on", mark);
    lit.append(element);
  }
}

/** What is lit for a package: what it needs, what needs it, and the ways that lead to it. */
function partsOf(it, ways) {
  const parts = { packages: new Map([[it, "self"]]), edges: new Map() };
  for (const edge of it.out) {
    parts.packages.set(packages[edge.to], "needs");
    parts.edges.set(edge, "needs");
  }
  for (const edge of it.in) {
    parts.packages.set(packages[edge.from], "needed");
    parts.edges.set(edge, "needed");
  }
  for (const way of ways) {
    way.slice(1).forEach((to, step) => {
      const edge = to.in.find((one) => packages[one.from] === way[step]);
      if (edge) parts.edges.set(edge, "way");
      if (way[step] !== it && parts.packages.get(way[step]) !== "needed") parts.packages.set(way[step], "way");
    });
  }
  return parts;
}

let moving = 0;
let resting = 0;

/** While the picture moves, it does without the faint lines: they are most of the work. */
function rest() {
  clearTimeout(resting);
  faint.setAttribute("display", "none");
  resting = setTimeout(() => faint.removeAttribute("display"), 160);
}

function move(x, y, zoom) {
  rest();
  Object.assign(view, { x, y, zoom });
  // On paper it stands as it is printed.
  if (picture.hasAttribute("viewBox")) return;
  world.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${zoom.toFixed(4)})`);
  // Names that nobody could read only cost time.
  picture.classList.toggle("far", zoom * data.chip < 6);
}

function glide(x, y, zoom) {
  cancelAnimationFrame(moving);
  if (calm.matches) return move(x, y, zoom);
  const start = { ...view, at: performance.now() };
  const step = (now) => {
    const part = Math.min(1, Math.max(0, (now - start.at) / 260));
    const eased = 1 - (1 - part) ** 3;
    const between = (from, to) => from + (to - from) * eased;
    move(between(start.x, x), between(start.y, y), between(start.zoom, zoom));
    if (part < 1) moving = requestAnimationFrame(step);
  };
  moving = requestAnimationFrame(step);
}

function limited(zoom) {
  return Math.min(4, Math.max(0.03, zoom));
}

/** Zooms, so that a point of the stage stays where it is. */
function zoomAt(x, y, factor) {
  cancelAnimationFrame(moving);
  const zoom = limited(view.zoom * factor);
  move(x - ((x - view.x) * zoom) / view.zoom, y - ((y - view.y) * zoom) / view.zoom, zoom);
}

function zoomMiddle(factor) {
  zoomAt(stage.clientWidth / 2, stage.clientHeight / 2, factor);
}

/** The part of the stage that the panel leaves free: on a phone it lies above the stage. */
function freeSize() {
  const covered = document.body.classList.contains("with-panel") && getComputedStyle(panel).position === "absolute";
  return [stage.clientWidth, stage.clientHeight - (covered ? panel.offsetHeight : 0)];
}

function fit(isSlow) {
  const { x, y, w, h } = view.extent;
  const [wide, high] = freeSize();
  const zoom = limited(Math.min((wide - 32) / w, (high - 32) / h, 1.4));
  const target = [(wide - w * zoom) / 2 - x * zoom, (high - h * zoom) / 2 - y * zoom, zoom];
  if (isSlow) glide(...target);
  else move(...target);
}

/** Brings a package to the middle, large enough to be read. */
function centre(it) {
  const place = view.places.get(it);
  if (!place) return;
  const zoom = Math.max(view.zoom, 0.9);
  const [wide, high] = freeSize();
  glide(wide / 2 - (place.x + place.w / 2) * zoom, high / 2 - (place.y + data.chip / 2) * zoom, zoom);
}

/** Everything where that can be read; on a small screen, what is declared. */
function begin() {
  fit(false);
  const first = projects[0] && view.places.get(projects[0]);
  if (!first || view.zoom > 0.3) return;
  move(16 - first.x * 0.7, stage.clientHeight / 2 - first.y * 0.7, 0.7);
}

/** Whether a package can be seen and read where it is. */
function isInView(it) {
  const place = view.places.get(it);
  if (!place || view.zoom < 0.6) return false;
  const [x, y] = [view.x + place.x * view.zoom, view.y + place.y * view.zoom];
  const [wide, high] = freeSize();
  return x > 0 && y > 0 && x + place.w * view.zoom < wide && y + data.chip * view.zoom < high;
}

const pointers = new Map();
let dragged = 0;

stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const { left, top } = stage.getBoundingClientRect();
  const amount = event.deltaY * (event.deltaMode === 1 ? 16 : 1) * (event.ctrlKey ? 4 : 1);
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    move(view.x - (event.deltaX || event.deltaY), view.y, view.zoom);
  } else {
    zoomAt(event.clientX - left, event.clientY - top, Math.exp(-Math.max(-400, Math.min(400, amount)) * 0.0018));
  }
}, { passive: false });

picture.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  cancelAnimationFrame(moving);
  pointers.set(event.pointerId, event);
  dragged = pointers.size > 1 ? 99 : 0;
});

addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const others = [...pointers.values()].filter((it) => it.pointerId !== event.pointerId);
  pointers.set(event.pointerId, event);
  const [x, y] = [event.clientX - before.clientX, event.clientY - before.clientY];
  dragged += Math.abs(x) + Math.abs(y);
  if (dragged < 4) return;
  stage.classList.add("moving");
  if (others.length === 0) return move(view.x + x, view.y + y, view.zoom);
  const other = others[0];
  const apart = (it) => Math.hypot(it.clientX - other.clientX, it.clientY - other.clientY);
  const { left, top } = stage.getBoundingClientRect();
  move(view.x + x / 2, view.y + y / 2, view.zoom);
  const middle = [(event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top];
  zoomAt(...middle, apart(event) / Math.max(1, apart(before)));
});

for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) stage.classList.remove("moving");
  });
}
