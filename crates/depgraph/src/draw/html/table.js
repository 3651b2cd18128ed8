// The same packages, to be read.

const table = document.getElementById("table");

const columnsOfTable = [
  { name: "Package", of: (it) => it.name, isText: true },
  { name: "Version", of: (it) => it.version ?? "", isText: true },
  { name: "Category", of: (it) => it.category, isText: true },
  { name: "Declared", of: (it) => (it.role === "project" ? "project" : it.declaredWords.join(", ")), isText: true },
  { name: "Steps", of: (it) => it.depth, title: "Steps from the project" },
  { name: "Needs", of: (it) => it.out.length },
  { name: "Needed by", of: (it) => it.in.length },
  { name: "Brings", of: (it) => (it.role === "project" ? null : it.alone), title: "Packages that nothing else needs" },
  { name: "Files", of: (it) => it.imported.length, title: "Files that import it", isThere: () => knowsImports },
  { name: "Size", of: (it) => it.bytes, words: (value) => bytes(value), isThere: () => packages.some((it) => it.bytes !== null) },
  { name: "Licence", of: (it) => it.licence ?? "", isText: true, isThere: () => packages.some((it) => it.licence) },
].filter((it) => it.isThere?.() ?? true);

const sorting = { column: columnsOfTable[0], isUp: true };

const body = made("tbody");
const heads = columnsOfTable.map((column) => {
  const head = made("th", "", { scope: "col", class: column.isText ? "text" : "number" });
  const button = made("button", column.name, { type: "button", ...(column.title && { title: column.title }) });
  button.addEventListener("click", () => {
    // Numbers are asked for because the largest are of interest.
    sorting.isUp = sorting.column === column ? !sorting.isUp : Boolean(column.isText);
    sorting.column = column;
    fillTable();
  });
  head.append(button);
  return head;
});

{
  const whole = made("table");
  const row = made("tr");
  row.append(...heads);
  const top = made("thead");
  top.append(row);
  whole.append(made("caption", "Packages", { class: "quiet-speech" }), top, body);
  table.append(whole);
}

function compared(a, b) {
  const [left, right] = [sorting.column.of(a), sorting.column.of(b)];
  // What is not known stands at the end, whichever way.
  if (left === null || right === null) return (left === null) - (right === null);
  const order = sorting.column.isText ? String(left).localeCompare(String(right)) : left - right;
  return (sorting.isUp ? order : -order) || a.name.localeCompare(b.name);
}

function fillTable() {
  columnsOfTable.forEach((column, index) => {
    const order = sorting.column === column ? (sorting.isUp ? "ascending" : "descending") : "none";
    heads[index].setAttribute("aria-sort", order);
  });
  const wanted = search.value.trim().toLowerCase();
  const shown = [...view.places.keys()].filter((it) => it.lower.includes(wanted)).sort(compared);
  body.replaceChildren(...shown.map(rowOf));
}

function rowOf(it) {
  const row = made("tr", "", { class: it === state.selected ? "selected" : "" });
  for (const column of columnsOfTable) {
    const value = column.of(it);
    const cell = made("td", "", { class: column.isText ? "text" : "number" });
    if (column.name === "Package") {
      cell.append(link(it, it.name));
    } else if (column.name === "Category") {
      cell.append(made("span", it.category, { class: `dot ${it.category}` }));
    } else if (value !== null && value !== 0) {
      cell.textContent = column.words ? column.words(value) : String(value);
    }
    row.append(cell);
  }
  return row;
}
