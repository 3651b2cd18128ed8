// Where packages stand when some are hidden: the same layers and order, packed anew.

const aspect = 1.6;

function arranged(shown) {
  if (shown.length === packages.length) return new Map(shown.map((it) => [it, { x: it.x, y: it.y, w: it.w }]));
  const layers = layersOf(shown);
  const rows = bestRows(layers);
  const columns = layers.map((layer) => column(layer, rows));
  const height = Math.max(...columns.map((it) => it.height));
  let x = 0;
  for (const it of columns) {
    it.x = x;
    x += it.widths.reduce((sum, width) => sum + width + data.columnGap, -data.columnGap) + data.gap;
  }
  pull(columns, height, new Set(shown));
  const places = new Map();
  for (const it of columns) {
    for (const row of it.rows) {
      let left = it.x;
      row.items.forEach((item, index) => {
        places.set(item, { x: left, y: row.middle - data.chip / 2, w: it.widths[index] });
        left += it.widths[index] + data.columnGap;
      });
    }
  }
  return places;
}

function layersOf(shown) {
  const layers = [];
  for (const it of shown) (layers[it.layer] ??= []).push(it);
  const used = layers.filter((layer) => layer);
  for (const layer of used) layer.sort((a, b) => (a.declaredBy ?? 0) - (b.declaredBy ?? 0) || a.y - b.y || a.x - b.x);
  return used;
}

function bestRows(layers) {
  const sizes = layers.map((layer) => [layer.length, Math.max(...layer.map((it) => it.wide))]);
  const tallest = Math.max(...sizes.map(([count]) => count));
  let best = [Infinity, 8];
  for (let rows = 8; rows <= Math.max(8, Math.min(400, tallest)); rows += 1) {
    const width = sizes.reduce((sum, [count, wide]) => sum + Math.ceil(count / rows) * (wide + data.columnGap) + data.gap, 0);
    const badness = Math.abs(Math.log(width / (Math.min(rows, tallest) * data.row) / aspect));
    if (badness < best[0]) best = [badness, rows];
  }
  return best[1];
}

function column(layer, most) {
  const across = Math.max(1, Math.ceil(layer.length / most));
  const rows = [];
  for (const it of layer) {
    const last = rows.at(-1);
    const isNew = !last || last.items.length === across || last.items[0].declaredBy !== it.declaredBy;
    if (isNew) rows.push({ items: [it], middle: 0, gap: last && last.items[0].declaredBy !== it.declaredBy ? data.row / 2 : 0 });
    else last.items.push(it);
  }
  const widths = Array.from({ length: across }, (_, index) => Math.max(0, ...rows.map((row) => row.items[index]?.wide ?? 0)));
  return { rows, widths, height: rows.reduce((sum, row) => sum + data.row + row.gap, 0) };
}

function pull(columns, height, shown) {
  const middles = new Map();
  const settle = (it, wishes) => {
    let used = 0;
    const offsets = it.rows.map((row) => (used += data.row + row.gap) - data.row / 2);
    const room = Math.max(0, height - used);
    const shifts = rising(wishes.map(([wish, weight], index) => [wish - offsets[index], weight]));
    it.rows.forEach((row, index) => {
      row.middle = Math.min(room, Math.max(0, shifts[index])) + offsets[index];
      for (const item of row.items) middles.set(item, row.middle);
    });
  };
  for (const it of columns) {
    let at = (height - it.height) / 2;
    settle(it, it.rows.map((row) => [(at += data.row + row.gap) - data.row / 2, 1]));
  }
  for (let turn = 0; turn < 6; turn += 1) {
    const ends = [["in", "from"], ["out", "to"]].filter((_, side) => turn >= 4 || side === turn % 2);
    for (const it of turn % 2 ? [...columns].reverse() : columns) {
      settle(it, it.rows.map((row) => wish(row, ends, shown, middles)));
    }
  }
}

function wish(row, ends, shown, middles) {
  let [sum, total] = [0, 0];
  for (const item of row.items) {
    for (const [list, end] of ends) {
      for (const edge of item[list]) {
        const other = packages[edge[end]];
        if (edge.implied || !shown.has(other) || other.layer === item.layer) continue;
        sum += middles.get(other);
        total += 1;
      }
    }
  }
  return total ? [sum / total, total] : [row.middle, 0.1];
}

/** The rising sequence that is nearest to some numbers with weights. */
function rising(numbers) {
  const pools = [];
  for (const [number, weight] of numbers) {
    let pool = [number, weight, 1];
    while (pools.length && pools.at(-1)[0] > pool[0]) {
      const last = pools.pop();
      const both = last[1] + pool[1];
      pool = [(last[0] * last[1] + pool[0] * pool[1]) / both, both, last[2] + pool[2]];
    }
    pools.push(pool);
  }
  return pools.flatMap(([number, , count]) => Array(count).fill(number));
}

/** The way of a line between two boxes. */
function route(from, to) {
  const [startY, endY] = [from.y + data.chip / 2, to.y + data.chip / 2];
  const right = from.x + from.w;
  if (Math.abs(from.x - to.x) < 1) {
    const bulge = right + 18 + Math.min(400, Math.abs(endY - startY)) / 16;
    return `M${right} ${startY}C${bulge} ${startY} ${bulge} ${endY} ${to.x + to.w} ${endY}`;
  }
  if (to.x + to.w < from.x + 1) {
    const end = to.x + to.w;
    const bend = Math.min(90, Math.max(14, (from.x - end) / 2));
    return `M${from.x} ${startY}C${from.x - bend} ${startY} ${end + bend} ${endY} ${end} ${endY}`;
  }
  const bend = Math.max(20, (to.x - right) / 2);
  return `M${right} ${startY}C${right + bend} ${startY} ${to.x - bend} ${endY} ${to.x} ${endY}`;
}
