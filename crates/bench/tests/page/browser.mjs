// Opens pages in Chromium and does what a person would: `node browser.mjs FOLDER RUN COMPARISON`. It talks to the browser through a
// pipe, so it needs nothing but Node. It prints one line of JSON with what was seen, or `SKIPPED: ...` where there is no Chromium.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...pages] = process.argv.slice(2);
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const program = names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
if (!program) {
  console.log("SKIPPED: there is no Chromium");
  process.exit(0);
}

const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"];
const browser = spawn(
  program,
  ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${join(folder, "profile")}`, ...quiet],
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
let session;
let rest = "";
let seen = { errors: [], requests: [] };
const waiting = new Map();

browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const message of messages) receive(JSON.parse(message));
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
  if (method === "Network.requestWillBeSent") seen.requests.push(params.request.url.split(":")[0]);
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

async function press(key) {
  const base = { key, code: key, windowsVirtualKeyCode: { Enter: 13, Tab: 9 }[key] };
  await send("Input.dispatchKeyEvent", { ...base, type: "keyDown", text: key === "Enter" ? "\r" : undefined });
  await send("Input.dispatchKeyEvent", { ...base, type: "keyUp" });
}

const pause = (time) => new Promise((done) => setTimeout(done, time));
const media = (scheme, kind = "screen") =>
  send("Emulation.setEmulatedMedia", { media: kind, features: [{ name: "prefers-color-scheme", value: scheme }] });
const window = (width) =>
  send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });

async function open(page) {
  await send("Page.navigate", { url: pathToFileURL(page).href });
  while ((await ask("document.readyState")) !== "complete") await pause(20);
}

/** The rows of a table that are shown, as the texts of one column. */
const column = (table, place) =>
  ask(`[...document.querySelectorAll("${table} tbody tr:not([hidden])")].map((row) => row.cells[${place}].innerText)`);

/** Letters with too little contrast to what is behind them (WCAG 2.2 AA: 4.5, large ones 3). */
const faint = () => ask(`(() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
    .reduce((sum, it, place) => sum + it * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let it = element; it; it = it.parentElement) {
      const colour = numbers(getComputedStyle(it).backgroundColor);
      if (colour.length && (colour.length < 4 || colour[3] === 1)) return colour;
    }
    return [255, 255, 255];
  };
  const isText = (node) => node.nodeType === 3 && node.data.trim();
  return [...document.body.querySelectorAll("*")].filter((it) => [...it.childNodes].some(isText) && it.checkVisibility()).flatMap((it) => {
    if (it.closest("script,style,noscript,svg")) return [];
    const style = getComputedStyle(it);
    const [one, other] = [light(numbers(style.color)), light(behind(it))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const wanted = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    return contrast < wanted ? [it.tagName + " " + it.className + " " + contrast.toFixed(2)] : [];
  });
})()`);

/** What is wider than the window, of the page and of what has no scroll bar of its own. */
const overflow = () => ask(`(() => {
  const width = document.documentElement.clientWidth;
  const out = [...document.body.querySelectorAll("*")].filter((it) => !it.closest(".scroll,.skip,.said,svg") && it.checkVisibility()
    && it.getBoundingClientRect().right > width + 1).map((it) => it.tagName + "." + it.className);
  return [document.documentElement.scrollWidth - width, ...out];
})()`);

async function sizes() {
  const out = {};
  for (const width of [360, 800, 1400]) {
    await window(width);
    await ask(`document.querySelectorAll("details").forEach((it) => it.open = true)`);
    await pause(100);
    out[width] = {
      overflow: await overflow(),
      pictures: await ask(`[...document.querySelectorAll("figure svg")].filter((it) => it.checkVisibility()).map((it) => it.getAttribute("class"))
        .filter((it, place, all) => all.indexOf(it) === place)`),
    };
  }
  return out;
}

async function colours() {
  const look = () => ask(`({ page: getComputedStyle(document.body).backgroundColor, letters: getComputedStyle(document.body).color,
    picture: getComputedStyle(document.querySelector("figure svg.wide .f-text")).fill })`);
  const out = { light: await look(), faintLight: await faint() };
  await media("dark");
  out.dark = await look();
  out.faintDark = await faint();
  await media("dark", "print");
  out.print = await look();
  out.printTools = await ask(`[...document.querySelectorAll(".tools")].filter((it) => it.checkVisibility()).length`);
  await media("light");
  return out;
}

async function sorting(table, place) {
  const head = `document.querySelectorAll("${table} thead th")[${place}]`;
  const keys = () => ask(`[...document.querySelectorAll("${table} tbody tr")].map((row) => row.cells[${place}].dataset.sort)`);
  const out = { before: await keys() };
  await ask(`${head}.querySelector("button").click()`);
  out.once = { order: await ask(`${head}.getAttribute("aria-sort")`), keys: await keys() };
  await ask(`${head}.querySelector("button").focus()`);
  await press("Enter");
  out.twice = { order: await ask(`${head}.getAttribute("aria-sort")`), keys: await keys() };
  return out;
}

async function searching(table, text) {
  const field = `document.querySelector("${table}").closest("section").querySelector("input[type=search]")`;
  await ask(`${field}.focus()`);
  await send("Input.insertText", { text });
  const out = {
    rows: (await column(table, 0)).length,
    count: await ask(`document.querySelector("${table}").closest("section").querySelector("output").value`),
    label: await ask(`${field}.getAttribute("aria-label")`),
  };
  await ask(`(() => { ${field}.value = ""; ${field}.dispatchEvent(new Event("input")); })()`);
  out.after = (await column(table, 0)).length;
  return out;
}

async function saving() {
  await send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder }, undefined);
  const name = await ask(`document.querySelector("#page-data").dataset.name`);
  await ask(`document.querySelector("[data-save]").click()`);
  const path = join(folder, name);
  for (let tries = 0; tries < 100 && !existsSync(path); tries += 1) await pause(50);
  return { name, text: readFileSync(path, "utf8") };
}

const structure = () => ask(`({
  title: document.title, heading: document.querySelector("h1").innerText, headings: document.querySelectorAll("h1").length,
  scripts: document.scripts.length, images: document.images.length, ran: String(window.ran),
  headers: [...document.querySelectorAll("th")].every((it) => it.scope), captions: [...document.querySelectorAll("table")].every((it) => it.caption?.innerText),
  pictures: [...document.querySelectorAll("figure svg")].every((it) => it.getAttribute("role") === "img" && it.getAttribute("aria-label")),
  names: [...document.querySelectorAll("section")].every((it) => it.getAttribute("aria-label") || document.getElementById(it.getAttribute("aria-labelledby"))),
  links: [...document.querySelectorAll("a[href]")].every((it) => it.getAttribute("href").startsWith("#") && document.getElementById(it.getAttribute("href").slice(1))),
  ids: [...document.querySelectorAll("[id]")].map((it) => it.id).filter((it, place, all) => all.indexOf(it) !== place),
})`);

/** What is left when scripts are turned off. */
async function withoutScript(page) {
  await send("Emulation.setScriptExecutionDisabled", { value: true });
  await open(page);
  const out = {
    rows: (await column("#all", 0)).length,
    pictures: await ask(`document.querySelectorAll("figure svg.wide").length`),
    buttons: await ask(`[...document.querySelectorAll("button")].filter((it) => it.checkVisibility()).length`),
  };
  await send("Emulation.setScriptExecutionDisabled", { value: false });
  return out;
}

const { targetId } = await send("Target.createTarget", { url: "about:blank" });
session = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);

const report = [];
for (const page of pages) {
  seen = { errors: [], requests: [] };
  await window(1400);
  await media("light");
  await open(page);
  await press("Tab");
  const one = { first: await ask("document.activeElement.innerText"), structure: await structure(), colours: await colours() };
  one.sorting = await sorting("#all", 4);
  one.searching = await searching("#all", "warm uv");
  one.states = await ask(`[...document.querySelector("#all").closest("section").querySelectorAll(".tools button:not(:disabled)")].map((it) => {
    it.click();
    return [it.innerText, it.getAttribute("aria-pressed"), document.querySelectorAll("#all tbody tr:not([hidden])").length];
  })`);
  one.sizes = await sizes();
  one.saved = await saving();
  one.plain = await withoutScript(page);
  report.push({ ...one, ...seen });
}
console.log(JSON.stringify(report));
clearTimeout(limit);
browser.removeAllListeners("exit");
browser.kill("SIGKILL");
