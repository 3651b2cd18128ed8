// What the page shows: packages, what they need, and which of them are to be seen.

const data = JSON.parse(document.getElementById("data").textContent);
const packages = data.packages;
const edges = data.edges;

packages.forEach((it, index) => {
  it.index = index;
  it.out = [];
  it.lower = it.name.toLowerCase();
  it.in = [];
});
for (const edge of edges) {
  packages[edge.from].out.push(edge);
  packages[edge.to].in.push(edge);
}

const projects = packages.filter((it) => it.role === "project");
const deepest = packages.reduce((most, it) => Math.max(most, it.depth ?? 0), 1);
// Nothing is known about imports where no file was looked at; then nothing is said about them either.
const knowsImports = packages.some((it) => it.imported.length > 0);

const kinds = {
  direct: { words: "declared", is: (it) => it.role === "direct" },
  unimported: { words: "declared, but no file imports it", is: (it) => it.role === "direct" && it.imported.length === 0 },
  twice: { words: "in several versions", is: (it) => it.twice },
  circle: { words: "in a circle", is: (it) => it.circle },
  loose: { words: "needed by nothing", is: (it) => it.role === "loose" },
};

const filter = { categories: new Set(), scopes: new Set(), only: new Set(), depth: deepest, around: null };

function resetFilter() {
  filter.categories = new Set(data.categories);
  filter.scopes = new Set(data.scopes.keys());
  filter.only.clear();
  filter.depth = deepest;
  filter.around = null;
}
resetFilter();

function isFiltered() {
  return (
    filter.categories.size < data.categories.length ||
    filter.scopes.size < data.scopes.length ||
    filter.only.size > 0 ||
    filter.depth < deepest ||
    filter.around !== null
  );
}

function shownPackages() {
  const around = filter.around && belonging(filter.around);
  return packages.filter((it) => {
    if (around && !around.has(it)) return false;
    if (it.role === "project") return true;
    return (
      filter.categories.has(it.category) &&
      (it.scopes.length === 0 || it.scopes.some((scope) => filter.scopes.has(scope))) &&
      (it.depth === null || it.depth <= filter.depth) &&
      (filter.only.size === 0 || [...filter.only].some((kind) => kinds[kind].is(it)))
    );
  });
}

/** Everything that leads to a package, and everything that it leads to. */
function belonging(start) {
  const found = new Set([start]);
  for (const [list, end] of [["out", "to"], ["in", "from"]]) {
    const waiting = [start];
    const seen = new Set(waiting);
    while (waiting.length) {
      for (const edge of waiting.pop()[list]) {
        const next = packages[edge[end]];
        if (!seen.has(next)) {
          seen.add(next);
          found.add(next);
          waiting.push(next);
        }
      }
    }
  }
  return found;
}

/** All shortest ways from the projects to a package, each a list of packages; at most so many. */
function waysTo(target, most) {
  const steps = new Map(projects.map((it) => [it, 0]));
  let border = projects;
  while (border.length && !steps.has(target)) {
    const next = [];
    for (const it of border) {
      for (const edge of it.out) {
        const to = packages[edge.to];
        if (!steps.has(to)) {
          steps.set(to, steps.get(it) + 1);
          next.push(to);
        }
      }
    }
    border = next;
  }
  const ways = [];
  const waiting = steps.has(target) ? [[target]] : [];
  while (waiting.length && ways.length < most) {
    const way = waiting.pop();
    const first = way[0];
    if (steps.get(first) === 0) {
      ways.push(way);
      continue;
    }
    for (const edge of [...first.in].reverse()) {
      const from = packages[edge.from];
      if (steps.get(from) === steps.get(first) - 1) waiting.push([from, ...way]);
    }
  }
  return ways;
}

/** For what is seen and whose needers are all hidden: the nearest one that is seen, as a line of its own. */
function bridges(shown) {
  const isShown = new Set(shown);
  const found = [];
  for (const it of shown) {
    if (it.role === "project" || it.in.some((edge) => isShown.has(packages[edge.from]))) continue;
    const seen = new Set([it]);
    let border = [it];
    let nearest = null;
    while (border.length && !nearest) {
      const next = [];
      for (const edge of border.flatMap((one) => one.in)) {
        const from = packages[edge.from];
        if (seen.has(from)) continue;
        seen.add(from);
        if (isShown.has(from)) nearest ??= from;
        next.push(from);
      }
      border = next;
    }
    if (nearest) found.push({ from: nearest.index, to: it.index });
  }
  return found;
}

function bytes(size) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit < 2 ? Math.floor(size) : size.toFixed(1)} ${units[unit]}`;
}

function scopeWords(scope) {
  const { kind, name } = data.scopes[scope];
  return kind === "main" ? "main" : `${kind} ${name}`;
}
