// What the SDK for TypeScript costs: see tools/bench/sdk/run.
import { create } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { AccountSchema, AccountService, connect, GetAccountRequestSchema } from 'folio-client';

const [what, name] = process.argv.slice(2);
const [count, seconds] = process.argv.slice(4).map(Number);
const { FOLIO_SERVER: server, FOLIO_KEY: key } = process.env;
const client = connect();

// Of the median call.
async function microseconds(call, request, duration) {
  let now = performance.now();
  const end = now + duration * 1e3;
  const calls = [];
  while (now < end) {
    const begin = now;
    await call(request);
    now = performance.now();
    calls.push(now - begin);
  }
  return calls.sort((a, b) => a - b)[calls.length >> 1] * 1e3;
}

async function unary() {
  const request = create(GetAccountRequestSchema, { name });
  const stub = createClient(AccountService, createGrpcTransport({ baseUrl: `http://${server}` }));
  const headers = { authorization: `Bearer ${key}` };
  const bare = (given) => stub.getAccount(given, { headers });
  const sdk = (given) => client.accounts.getAccount(given);
  await microseconds(sdk, request, 2 * seconds); // does not count, nor does the next
  await microseconds(bare, request, 2 * seconds);
  const rounds = [];
  while (rounds.length < count) {
    rounds.push([await microseconds(sdk, request, seconds), await microseconds(bare, request, seconds)]);
  }
  return { rounds };
}

function* rows(prefix, rowCount) {
  for (let number = 1; number <= rowCount; number += 1) {
    yield create(AccountSchema, {
      name: `accounts/${prefix}-${number}`,
      displayName: `Company ${number} of ${prefix}`,
      sector: 'Imported',
      plan: 'Pro',
      seatCount: number % 1000,
    });
  }
}

// Rows a second.
async function timed(prefix, rowCount) {
  const begin = performance.now();
  const report = await client.importRows({ collection: 'accounts' }, rows(prefix, rowCount));
  if (Number(report.counts.created) !== rowCount) throw new Error('not all were created');
  return rowCount / (performance.now() - begin) * 1e3;
}

async function bulk() {
  await timed(`${name}-first`, count / 5); // does not count
  return { rows_per_second: await timed(name, count) };
}

console.log(JSON.stringify(await (what === 'unary' ? unary() : bulk())));
process.exit(0);
