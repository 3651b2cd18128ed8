// Where packages stand when some are hidden: the same layers and order, packed anew.

const aspect = 1.6;

function arranged(shown) {
  if (shown.length === packages.length) {
    return new Map(shown.map((it) => [it, { x: it.x, y: it.y, w: it.w, left: it.x, right: it.x + it.w }]));
  }
  // Long ways make many short layers; where steps from the project make the picture much larger, they are the better layers.
  const [byLayer, bySteps] = [layers(shown, (it) => it.layer), layers(shown, (it) => it.depth ?? deepest + 1)];
  const best = byLayer.size * 1.5 < bySteps.size ? bySteps : byLayer;
  pull(best.columns, best.height, new Set(shown), best.levelOf);
  const places = new Map();
  for (const it of best.columns) {
    for (const row of it.rows) {
      let left = it.x;
      row.items.forEach((item, index) => {
        const place = { x: left, y: row.middle - data.chip / 2, w: it.widths[index], left: it.x, right: it.right };
        places.set(item, { ...place, level: best.levelOf(item), isSteps: best === bySteps });
        left += it.widths[index] + data.columnGap;
      });
    }
  }
  return places;
}

/** Packages in columns, and how large they can be on a screen. */
function layers(shown, levelOf) {
  const grouped = [];
  for (const it of shown) (grouped[levelOf(it)] ??= []).push(it);
  const used = grouped.filter((layer) => layer);
  for (const layer of used) layer.sort((a, b) => (a.declaredBy ?? 0) - (b.declaredBy ?? 0) || a.y - b.y || a.x - b.x);
  const rows = bestRows(used);
  const columns = used.map((layer) => column(layer, rows));
  let x = 0;
  for (const it of columns) {
    it.x = x;
    it.right = x + it.widths.reduce((sum, width) => sum + width + data.columnGap, -data.columnGap);
    x = it.right + data.gap;
  }
  const height = Math.max(...columns.map((it) => it.height));
  return { columns, height, levelOf, size: 1 / Math.max(x / aspect, height) };
}

function bestRows(layers) {
  const sizes = layers.map((layer) => [layer.length, Math.max(...layer.map((it) => it.wide))]);
  const tallest = Math.max(...sizes.map(([count]) => count));
  if (layers.flat().length <= 100 && tallest <= 36) return 36;
  let best = [Infinity, 8];
  for (let rows = 8; rows <= Math.max(8, Math.min(400, tallest)); rows += 1) {
    const width = sizes.reduce((sum, [count, wide]) => sum + Math.ceil(count / rows) * (wide + data.columnGap) + data.gap, 0);
    const height = Math.min(rows, tallest) * data.row;
    const badness = Math.max(width / aspect, height) + Math.sqrt((width * height) / aspect) / 2;
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
    if (isNew) rows.push({ items: [it], middle: 0, gap: last && last.items[0].declaredBy !== it.declaredBy ? data.row * 0.7 : 0 });
    else last.items.push(it);
  }
  const widths = Array.from({ length: across }, (_, index) => Math.max(0, ...rows.map((row) => row.items[index]?.wide ?? 0)));
  return { rows, widths, height: rows.reduce((sum, row) => sum + data.row + row.gap, 0) };
}

function pull(columns, height, shown, levelOf) {
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
      settle(it, it.rows.map((row) => wish(row, ends, shown, middles, levelOf)));
    }
  }
}

function wish(row, ends, shown, middles, levelOf) {
  let [sum, total] = [0, 0];
  for (const item of row.items) {
    for (const [list, end] of ends) {
      for (const edge of item[list]) {
        const other = packages[edge[end]];
        if (edge.implied || !shown.has(other) || levelOf(other) === levelOf(item)) continue;
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
  const gap = (data.row - data.chip) * 0.36;
  const isWithin = from.left === to.left;
  let at = [right, startY];
  let way = `M${right} ${startY}`;
  const hook = (x, y) => {
    const middle = (at[0] + x) / 2;
    way += `C${middle} ${at[1]} ${middle} ${y} ${x} ${y}`;
    at = [x, y];
  };
  const curve = (x, y) => {
    const bend = Math.max(20, (x - at[0]) / 2);
    way += `C${at[0] + bend} ${at[1]} ${x - bend} ${y} ${x} ${y}`;
    at = [x, y];
  };
  const run = (x) => {
    way += `H${x}`;
    at[0] = x;
  };
  if (right + 1 < from.right && !isWithin) {
    hook(right + 9, from.y + data.chip + gap);
    run(from.right);
  }
  if (to.x > to.left + 1 && !isWithin) {
    curve(to.left, to.y - gap);
    run(to.x - 9);
    hook(to.x, endY);
  } else {
    curve(to.x, endY);
  }
  return way;
}
