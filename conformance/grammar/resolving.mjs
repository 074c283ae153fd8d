// The parser's modules name each other as bundlers allow, without endings and by folder: this finds them for Node.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const isFile = (url) => statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() ?? false;

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && context.parentURL) {
    for (const ending of ['', '.js', '/index.js']) {
      const url = new URL(specifier + ending, context.parentURL);
      if (isFile(url)) return { url: url.href, shortCircuit: true };
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  const isParser = /\/node_modules\/(dt-sql-parser|antlr4-c3)\//.test(url);
  return next(url, isParser ? { ...context, format: 'module' } : context);
}
