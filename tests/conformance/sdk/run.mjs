#!/usr/bin/env node
// Plays the vectors of this folder through one SDK:
//
//   tests/conformance/sdk/run.mjs --foliod build/release/bin/foliod [--only TEXT] -- DRIVER [ARGUMENT...]
//
// Fails where the SDK does something else than a vector says.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadContract } from './contract.mjs';
import { Harness } from './harness.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const { values: options, positionals: driver } = parseArgs({
  allowPositionals: true,
  options: { foliod: { type: 'string' }, only: { type: 'string', default: '' } },
});
if (!options.foliod || driver.length === 0) {
  console.error('usage: run.mjs --foliod PROGRAM [--only TEXT] -- DRIVER [ARGUMENT...]');
  process.exit(2);
}

const vectors = readdirSync(join(folder, 'vectors')).sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, 'vectors', name), 'utf8')) }));
const harness = new Harness(driver, loadContract(join(folder, '../../../proto')), options.foliod);
let passed = 0;
let failed = 0;
await harness.open();
try {
  for (const vector of vectors) {
    for (const testCase of vector.cases) {
      const title = `${vector.name.replace('.json', '')}: ${testCase.name}`;
      if (!title.includes(options.only)) continue;
      const found = await harness.play(vector, testCase);
      found.length === 0 ? passed += 1 : failed += 1;
      if (found.length > 0) console.log(`FAILED ${title}\n  ${found.join('\n  ')}`);
    }
  }
} finally {
  await harness.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
