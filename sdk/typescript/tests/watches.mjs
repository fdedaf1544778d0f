// Many watches at once, while this program writes and somebody kills the server again and again: every watch must see
// every account once, in order. Prints "open" when all are, the number of each account once it is written, and in the
// end what the watches have seen. The last account is written after a line of standard input.
//
//   watches.mjs WATCHES ACCOUNTS
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Code, connect, FolioError } from 'folio-client';

const [watches, accounts] = process.argv.slice(2).map(Number);
// A connection carries so many calls at once, this program's writes among them.
const WATCHES_OF_CONNECTION = 50;

/** Reads until the last account has come. */
async function watch(client, open) {
  let seen = 0;
  const start = { case: 'snapshot', value: true };
  for await (const response of client.watch({ collections: ['accounts'], start })) {
    if (response.snapshotComplete) open();
    for (const { name } of response.events) {
      seen += 1;
      const expected = `accounts/watched-${seen}`;
      if (name !== expected) throw new Error(`${name} came where ${expected} was to come`);
    }
    if (seen === accounts) return;
  }
  throw new Error('the watch has ended');
}

/** Creates an account, over any number of restarts: where it exists, an attempt before had its effect. */
async function write(client, number) {
  for (;;) {
    try {
      await client.accounts.createAccount({
        accountId: `watched-${number}`, account: { displayName: `Watched ${number}` },
      });
      break;
    } catch (error) {
      if (!FolioError.is(error) || ![Code.AlreadyExists, Code.Unavailable].includes(error.code)) throw error;
      if (error.code === Code.AlreadyExists) break;
      await setTimeout(10);
    }
  }
  console.log(number);
}

// An error of any watch ends the program.
const client = connect();
const open = [];
const done = [];
let watching;
for (let number = 0; number < watches; number += 1) {
  if (number % WATCHES_OF_CONNECTION === 0) watching = connect();
  const own = watching;
  open.push(new Promise((resolve) => { done.push(watch(own, resolve)); }));
}
await Promise.all(open);
console.log('open');
for (let number = 1; number < accounts; number += 1) await write(client, number);
await once(process.stdin, 'data');
await write(client, accounts);
await Promise.all(done);
console.log(`${watches} watches have seen ${accounts} accounts, each once`);
process.exit(0);
