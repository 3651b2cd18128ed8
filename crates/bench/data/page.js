"use strict";
(() => {
  const make = (name, values = {}, ...children) => {
    const element = Object.assign(document.createElement(name), values);
    element.append(...children);
    return element;
  };
  const keyOf = (row, place) => {
    const cell = row.cells[place];
    return cell?.dataset.sort ?? cell?.textContent.trim() ?? "";
  };
  const words = new Intl.Collator("en", { numeric: true });

  /** Numbers before words, and nothing last, whichever way one sorts. */
  const compare = (a, b, sign) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const [x, y] = [Number(a), Number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return sign * (x - y);
    return sign * words.compare(a, b);
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const isNumber = head.classList.contains("number");
        const now = head.getAttribute("aria-sort");
        const order = now ? (now === "ascending" ? "descending" : "ascending") : isNumber ? "descending" : "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [keyOf(row, place), row]);
        rows.sort((a, b) => compare(a[0], b[0], sign));
        body.append(...rows.map((it) => it[1]));
      });
    });
  };

  const searchable = (table) => {
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    const count = make("output");
    const tools = make("div", { className: "tools" });
    let state = "";
    const search = make("input", { type: "search", placeholder: "Search", autocomplete: "off", spellcheck: false });
    search.setAttribute("aria-label", `Search: ${table.caption?.textContent ?? "the table"}`);
    const show = () => {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !((!state || row.dataset.state === state) && wanted.every((word) => text.includes(word)));
        shown += !row.hidden;
      }
      count.value = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    };
    if ("search" in table.dataset) {
      tools.append(search);
      search.addEventListener("input", show);
    }
    const choices = (table.dataset.states ?? "").split("|").filter(Boolean).map((it) => it.split("="));
    const buttons = (choices.length ? [["", "All"], ...choices] : []).map(([name, label]) => {
      const matching = rows.filter(([row]) => !name || row.dataset.state === name).length;
      const button = make("button", { type: "button", disabled: !matching }, `${label} ${matching}`);
      button.setAttribute("aria-pressed", String(name === state));
      button.addEventListener("click", () => {
        state = name;
        buttons.forEach((it) => it.setAttribute("aria-pressed", String(it === button)));
        show();
      });
      return button;
    });
    tools.append(...buttons, count);
    (table.closest(".scroll") ?? table).before(tools);
    show();
  };

  const saving = (button) => {
    const data = document.getElementById("page-data");
    if (!data) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const address = URL.createObjectURL(new Blob([data.textContent, "\n"], { type: "application/json" }));
      const link = make("a", { href: address, download: data.dataset.name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
  };

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll("table[data-search],table[data-states]").forEach(searchable);
  document.querySelectorAll("button[data-save]").forEach(saving);
  document.documentElement.dataset.ready = "yes";
})();
