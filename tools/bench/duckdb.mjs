// Asks DuckDB, in its own process, what Folio is asked.
//
//   node duckdb.mjs load DATABASE TABLE_SQL CSV...
//   node duckdb.mjs ask DATABASE SECONDS THREADS < questions.json
//
// Questions are lists of forms, each a list of statements; the answer holds the median of each one's fastest form, in
// microseconds.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [command, path, ...rest] = process.argv.slice(2);

async function median(connection, statements, seconds) {
  const times = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end || times.length < 3; ) {
    const begin = performance.now();
    for (const sql of statements) await connection.runAndReadAll(sql);
    times.push((performance.now() - begin) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

async function load(connection, table, files) {
  await connection.run(table);
  for (const file of files) await connection.run(`COPY account FROM '${file}' (FORMAT csv, HEADER false)`);
}

async function ask(connection, seconds) {
  const medians = [];
  for (const forms of JSON.parse(readFileSync(0, 'utf8'))) {
    const each = [];
    for (const form of forms) each.push(await median(connection, form, seconds));
    medians.push(Math.min(...each));
  }
  return medians;
}

const threads = command === 'ask' ? rest[1] : '2';
const instance = await DuckDBInstance.create(path, { threads });
const connection = await instance.connect();
if (command === 'load') {
  await load(connection, rest[0], rest.slice(1));
  const counted = await connection.runAndReadAll('SELECT count(*) FROM account');
  console.log(JSON.stringify({ rows: Number(counted.getRows()[0][0]) }));
} else {
  console.log(JSON.stringify({ p50_us: await ask(connection, Number(rest[0])) }));
}
connection.closeSync();
instance.closeSync();
