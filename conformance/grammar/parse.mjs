// Parses the queries of a folder: `node parse.mjs ENVIRONMENT FOLDER`, where npm has installed the parser in ENVIRONMENT.
// It reads `grammar.json`, a list of {name, dialect, sql}, and writes `grammar.answers.json`, what is wrong with each.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [environment, folder] = process.argv.slice(2);
register('./resolving.mjs', import.meta.url);
const entry = resolve(environment, 'node_modules/dt-sql-parser/dist/index.js');
const { HiveSQL, TrinoSQL } = await import(pathToFileURL(entry).href);
const parsers = { trino: new TrinoSQL(), hive: new HiveSQL() };

const asked = JSON.parse(readFileSync(`${folder}/grammar.json`, 'utf8'));
const wrong = asked.map(({ dialect, sql }) =>
  parsers[dialect].validate(sql).map((each) => `${each.startLine}:${each.startColumn}: ${each.message}`),
);
writeFileSync(`${folder}/grammar.answers.json`, JSON.stringify(wrong));
