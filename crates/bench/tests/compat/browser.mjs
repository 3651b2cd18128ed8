// Opens the page of a check in Chromium and does what a person would: `node browser.mjs FOLDER PAGE [PICTURES]`. It talks to the
// browser through a pipe, so it needs nothing but Node. It prints one line of JSON with what was seen, or `SKIPPED: ...`.

import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, page, pictures] = process.argv.slice(2);
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const program = names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
if (!program) {
  console.log("SKIPPED: there is no Chromium");
  process.exit(0);
}
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const browser = spawn(
  program,
  ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${folder}/profile`, ...quiet],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);
const fail = (error) => {
  console.error(error);
  browser.kill("SIGKILL");
  process.exit(1);
};
const limit = setTimeout(() => fail(new Error("the browser took too long")), 90_000);
process.on("unhandledRejection", fail);

let [last, rest, session] = [0, "", undefined];
const waiting = new Map();
const seen = { errors: [], requests: [] };
browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const { id, result, error, method, params } of messages.map((it) => JSON.parse(it))) {
    if (id) {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      error ? reject(new Error(error.message)) : resolve(result);
    }
    if (method === "Runtime.exceptionThrown") seen.errors.push(params.exceptionDetails.text);
    if (method === "Log.entryAdded") seen.errors.push(params.entry.text);
    if (method === "Network.requestWillBeSent") seen.requests.push(params.request.url);
  }
});
const send = (method, params = {}) => {
  last += 1;
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId: session })}\0`);
  return new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
};
const ask = async (expression) => {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const size = (width, height) => send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
const scheme = (value) => send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
const picture = async (name) => {
  if (!pictures) return;
  const { data } = await send("Page.captureScreenshot", { format: "png" });
  writeFileSync(`${pictures}/${name}.png`, Buffer.from(data, "base64"));
};
const shown = () => ask(`[...document.querySelectorAll("#requirements tbody tr:not([hidden])")].map((it) => it.cells[0].firstChild.textContent)`);
const type = (text) => ask(`(() => { const it = document.querySelector(".tools input[type=search]"); it.value = ${JSON.stringify(text)};
  it.dispatchEvent(new Event("input")); })()`);
const press = (word) => ask(`(() => { const it = [...document.querySelectorAll(".tools button")].find((it) => it.textContent.startsWith("${word}"));
  it.click(); return it.textContent; })()`);
const background = () => ask(`getComputedStyle(document.body).backgroundColor`);

const { targetId } = await send("Target.createTarget", { url: "about:blank" });
session = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
await size(1280, 900);
await scheme("light");
await send("Page.navigate", { url: pathToFileURL(page).href });
await ask(`new Promise((done) => { const wait = () => document.documentElement?.dataset.ready ? done() : setTimeout(wait, 20); wait(); })`);

seen.all = (await shown()).length;
await picture("light");
seen.light = await background();
await type("flask INDEX-strategy");
seen.search = await shown();
await type("nothing has this");
seen.nothing = (await shown()).length;
await type("");
seen.label = await press("neither");
seen.filter = await shown();
await picture("filtered");
await press("All");
seen.jump = await ask(`(() => { document.querySelector("#requirements a").click(); return location.hash.slice(1); })()`);
seen.log = await ask(`(() => { const it = [...document.querySelectorAll("details")].find((it) => it.querySelector("pre")); it.open = true;
  return it.querySelector("pre").innerText; })()`);
await picture("explained");
await scheme("dark");
seen.dark = await background();
await picture("explained-dark");
await ask(`scrollTo({ top: 0, behavior: "instant" })`);
await picture("dark");
await size(390, 844);
await picture("narrow");
seen.overflow = await ask(`document.documentElement.scrollWidth > document.documentElement.clientWidth`);
seen.ran = await ask(`"ran" in window`);
console.log(JSON.stringify(seen));
clearTimeout(limit);
browser.kill("SIGKILL");
