// Opens a page in Chromium and does what a person would: `node browser.mjs FOLDER PAGE`. It talks to the browser through a pipe, so it
// needs nothing but Node. It prints one line of JSON with what was seen, or `SKIPPED: ...` where there is no Chromium.

import { spawn, spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

const [folder, page] = process.argv.slice(2);
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const program = names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
if (!program) {
  console.log("SKIPPED: there is no Chromium");
  process.exit(0);
}

const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"];
const browser = spawn(
  program,
  ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${folder}`, ...quiet],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);
const limit = setTimeout(() => fail(new Error("the browser took too long")), 90_000);

function fail(error) {
  console.error(error);
  browser.kill("SIGKILL");
  process.exit(1);
}
process.on("unhandledRejection", fail);
browser.on("exit", (code) => fail(new Error(`the browser ended with ${code}`)));

let last = 0;
const waiting = new Map();
const seen = { errors: [], requests: [] };
let rest = "";

browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const message of messages.map((it) => JSON.parse(it))) receive(message);
});

function receive({ id, result, error, method, params }) {
  if (id) {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    return error ? reject(new Error(error.message)) : resolve(result);
  }
  if (method === "Runtime.exceptionThrown") seen.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
  if (method === "Runtime.consoleAPICalled") seen.errors.push(`console.${params.type}`);
  if (method === "Log.entryAdded") seen.errors.push(params.entry.text);
  if (method === "Network.requestWillBeSent") seen.requests.push(params.request.url);
}

function send(method, params = {}, sessionId = session) {
  last += 1;
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  return new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
}

async function ask(expression) {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

async function press(key, code = key, text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined) {
  const codes = { Enter: 13, Escape: 27, Tab: 9, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
  const base = { key, code, windowsVirtualKeyCode: codes[key] };
  await send("Input.dispatchKeyEvent", { ...base, type: text ? "keyDown" : "rawKeyDown", text });
  await send("Input.dispatchKeyEvent", { ...base, type: "keyUp" });
}

async function click(selector, index = 0) {
  const at = await middle(selector, index);
  const base = { ...at, button: "left", buttons: 1, clickCount: 1 };
  await send("Input.dispatchMouseEvent", { ...base, type: "mouseMoved", button: "none", buttons: 0 });
  await send("Input.dispatchMouseEvent", { ...base, type: "mousePressed" });
  await send("Input.dispatchMouseEvent", { ...base, type: "mouseReleased", buttons: 0 });
}

function middle(selector, index = 0) {
  return ask(`(() => { const box = document.querySelectorAll(${JSON.stringify(selector)})[${index}].getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
}

/** The number of the box of a package. */
function boxOf(name) {
  return ask(`[...document.querySelectorAll("#picture .package")].findIndex((it) => it.getAttribute("aria-label").split(",")[0] === ${JSON.stringify(name)})`);
}

/** How many pairs of boxes lie on each other. */
const overlaps = () => ask(`(() => { const boxes = [...document.querySelectorAll("#picture .package:not([hidden]) .box")].map((it) => it.getBoundingClientRect());
  return boxes.filter((a, i) => boxes.some((b, j) => j > i && a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom)).length; })()`);

const settle = () => ask("new Promise((done) => setTimeout(done, 350))");
const shown = () => ask(`[...document.querySelectorAll("#picture .package:not([hidden])")].map((it) => it.getAttribute("aria-label").split(",")[0]).sort()`);
const text = (selector) => ask(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? null`);
const look = (of) => ask(`getComputedStyle(document.querySelector("${of[0]}")).${of[1]}`);

let session;
const { targetId } = await send("Target.createTarget", { url: "about:blank" });
session = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
const size = { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false };
await send("Emulation.setDeviceMetricsOverride", size);
await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "light" }] });
await send("Page.navigate", { url: pathToFileURL(page).href });
await ask(`new Promise((done) => { const wait = () => document.documentElement?.dataset.ready ? done() : setTimeout(wait, 20); wait(); })`);

const report = { begin: { title: await ask("document.title"), shown: await shown(), summary: await text("#summary"), background: await look(["body", "backgroundColor"]) } };

// Search by keys.
await press("/", "Slash");
await send("Input.insertText", { text: "sock" });
report.search = {
  focus: await ask("document.activeElement.id"),
  found: await ask(`[...document.querySelectorAll("#found [role=option]")].map((it) => it.textContent.trim())`),
  matches: await ask(`document.querySelectorAll("#picture .package.match").length`),
};
await press("Enter");
await settle();
const sockets = await boxOf("sockets");
report.panel = { text: await text("#panel"), ways: await ask(`[...document.querySelectorAll("#panel .why li")].map((it) => it.innerText)`) };
report.address = await ask("location.hash");
report.centred = await ask(`(() => { const box = document.querySelectorAll("#picture .package")[${sockets}].getBoundingClientRect();
  const stage = document.querySelector("#stage").getBoundingClientRect();
  return Math.abs(box.x + box.width / 2 - stage.x - stage.width / 2) < 3 && Math.abs(box.y + box.height / 2 - stage.y - stage.height / 2) < 3; })()`);
report.way = await ask(`document.querySelectorAll("#picture .edges.lit path.way").length`);

// What the panel links to.
await ask(`[...document.querySelectorAll("#panel .link")].find((it) => it.innerText === "http").click()`);
await settle();
report.linked = await text("#panel h2");
await press("Escape");
await press("Escape");
await press("Escape");
report.closed = await ask(`document.querySelector("#panel").hidden && document.querySelector("#search").value === ""`);

// Pointing, and clicking.
await press("0", "Digit0");
await settle();
const point = { ...(await middle("#picture .package", await boxOf("web"))), button: "none", type: "mouseMoved" };
await send("Input.dispatchMouseEvent", point);
report.pointed = {
  needs: await ask(`[...document.querySelectorAll("#picture .package.needs")].map((it) => it.getAttribute("aria-label").split(",")[0]).sort()`),
  needed: await ask(`[...document.querySelectorAll("#picture .package.needed")].map((it) => it.getAttribute("aria-label").split(",")[0]).sort()`),
};
await click("#picture .package", await boxOf("web"));
report.clicked = await text("#panel");

// By keys from box to box.
await ask(`document.querySelectorAll("#picture .package")[${await boxOf("web")}].focus()`);
const focused = () => ask(`document.activeElement.getAttribute("aria-label")?.split(",")[0]`);
report.keys = [await focused()];
for (const key of ["ArrowRight", "ArrowLeft", "ArrowLeft"]) {
  await press(key);
  report.keys.push(await focused());
}
report.tabStops = await ask(`document.querySelectorAll("#picture [tabindex='0']").length`);
await press("Enter");
report.entered = [await text("#panel h2"), await ask("document.activeElement.id")];
await press("Escape");

// Zoom by wheel and by keys, and moving.
const place = () => ask(`document.querySelector("#world").getAttribute("transform")`);
const zoom = async () => Number(/scale\(([\d.]+)\)/.exec(await place())[1]);
await press("0", "Digit0");
await settle();
const before = await zoom();
const corner = { x: 700, y: 780 };
await send("Input.dispatchMouseEvent", { ...corner, type: "mouseWheel", deltaX: 0, deltaY: -240 });
await settle();
report.zoom = { wheel: (await zoom()) / before };
const still = await zoom();
await press("-", "Minus");
report.zoom.key = (await zoom()) / still;
const start = await place();
for (const [type, x] of [["mousePressed", 700], ["mouseMoved", 640], ["mouseMoved", 600], ["mouseReleased", 600]]) {
  await send("Input.dispatchMouseEvent", { type, x, y: 780, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 });
}
const across = (words) => Number(/translate\(([-\d.]+)/.exec(words)[1]);
report.zoom.dragged = Math.round(across(await place()) - across(start));
await press("0", "Digit0");

// Filters.
const choose = (box, words) => ask(`[...document.querySelectorAll("${box} label")].find((it) => it.innerText.startsWith("${words}")).click()`);
report.filters = {};
await choose("#categories", "web");
report.filters.withoutWeb = await shown();
report.filters.bridges = await ask(`document.querySelectorAll("#picture path.bridge").length`);
report.filters.overlaps = await overlaps();
report.filters.count = await text("#shown");
await click("#reset");
report.filters.reset = await shown();
await choose("#only", "declared");
report.filters.declared = await shown();
await click("#reset");
await choose("#scopes", "main");
report.filters.development = await shown();
await click("#reset");
await ask(`(() => { const depth = document.querySelector("#depth"); depth.value = 1; depth.dispatchEvent(new Event("input")); })()`);
report.filters.near = await shown();
await click("#reset");
await settle();
await click("#picture .package", await boxOf("lint"));
await press("i", "KeyI");
report.filters.around = await shown();
await press("Escape");
await press("Escape");
report.filters.letGo = (await shown()).length;

// The table.
await press("t", "KeyT");
const column = (place) => ask(`[...document.querySelectorAll("#table tbody tr")].map((it) => it.children[${place}].textContent)`);
report.table = { names: await column(0), stage: await ask(`document.querySelector("#stage").hidden`) };
await ask(`[...document.querySelectorAll("#table th button")].find((it) => it.innerText === "Needs").click()`);
report.table.needs = await column(5);
report.table.sorted = await ask(`document.querySelector("#table [aria-sort=descending]").innerText`);
await press("t", "KeyT");

// Dark, by the system and by the button; small.
await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
report.dark = { system: await look(["body", "backgroundColor"]), box: await look(["#picture .package.indirect .box", "fill"]) };
await click("#theme");
report.dark.button = await look(["body", "backgroundColor"]);
await press("d", "KeyD");
report.dark.key = await look(["body", "backgroundColor"]);
await send("Emulation.setEmulatedMedia", { media: "print", features: [{ name: "prefers-color-scheme", value: "dark" }] });
await ask(`dispatchEvent(new Event("beforeprint"))`);
await settle();
report.print = {
  background: await look(["body", "backgroundColor"]),
  filters: await ask(`getComputedStyle(document.querySelector("#filters")).display`),
  inside: await ask(`(() => { const stage = document.querySelector("#stage").getBoundingClientRect();
    return [...document.querySelectorAll("#picture .package .box")].every((it) => { const box = it.getBoundingClientRect();
      return box.x >= stage.x && box.y >= stage.y && box.right <= stage.right && box.bottom <= stage.bottom; }); })()`),
  isLarge: await ask(`(() => { const stage = document.querySelector("#stage").getBoundingClientRect(); const all = document.querySelector("#world").getBoundingClientRect();
    return Math.max(all.width / stage.width, all.height / stage.height) > 0.8; })()`),
};
await ask(`dispatchEvent(new Event("afterprint"))`);
await send("Emulation.setEmulatedMedia", { media: "screen", features: [{ name: "prefers-color-scheme", value: "dark" }] });
await send("Emulation.setDeviceMetricsOverride", { ...size, width: 390, height: 780, mobile: true });
await settle();
report.phone = {
  overflow: await ask("document.documentElement.scrollWidth - innerWidth"),
  filters: await ask(`getComputedStyle(document.querySelector("#filters")).display`),
};
await click("#show-filters");
report.phone.opened = await ask(`getComputedStyle(document.querySelector("#filters")).display`);

report.hostile = await ask(`({ scripts: document.scripts.length, images: document.images.length, ran: String(window.ran) })`);
console.log(JSON.stringify({ ...report, errors: seen.errors, requests: seen.requests }));
clearTimeout(limit);
browser.removeAllListeners("exit");
browser.kill("SIGKILL");
