// What the vectors do not see: how calls and watches end that their caller aborts, or whose client is closed; what is
// printed. Lies beside the installed package; needs a foliod in FOLIO_SERVER and FOLIO_KEY.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { AccountSchema, Code, connect, create, FolioError, loadOptions, toJson } from 'folio-client';

const silent = createServer(() => {});
await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
const silentServer = `127.0.0.1:${silent.address().port}`;
const servers = [process.env.FOLIO_SERVER, '127.0.0.1:1', silentServer];

async function isCanceled(promise) {
  await assert.rejects(promise, (error) => FolioError.is(error) && error.code === Code.Canceled);
}

async function readAll(responses) {
  for await (const response of responses) void response;
}

for (const server of servers) {
  const client = connect({ server });
  const uses = {
    watch: (signal) => readAll(client.watch({}, { signal })),
    import: (signal) => client.importRows({ collection: 'accounts', importId: 'endings' }, rowsWithoutEnd(),
      { signal, onProgress: () => {} }),
  };
  for (const [name, use] of Object.entries(uses)) {
    if (name === 'import' && server !== silentServer) continue;
    for (const reason of [undefined, new Error('enough')]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 100);
      await isCanceled(use(controller.signal));
    }
  }
  setTimeout(() => client.close(), 100);
  await isCanceled(readAll(client.watch()));
  await isCanceled(client.workspace.getWorkspace({}));
  await isCanceled(readAll(client.watch()));
}

async function* rowsWithoutEnd() {
  for (;;) yield create(AccountSchema, { displayName: 'Never written' });
}

// Nobody says a word: neither does that keep this program running, though this client is never closed.
const handshake = connect({ server: `https://${silentServer}`, timeoutMs: 100 });
await assert.rejects(handshake.workspace.getWorkspace({}), (error) => error.code === Code.DeadlineExceeded);

const waiting = connect({ server: silentServer });
setTimeout(() => waiting.close(), 100);
await isCanceled(waiting.workspace.getWorkspace({}));

const client = connect();
const { name } = await client.accounts.createAccount({ account: { displayName: 'Endings' } });
const changed = await client.modify(AccountSchema, name, async (account) => {
  await null;
  account.city = 'Paris';
});
assert.equal(toJson(AccountSchema, changed).city, 'Paris');
await isCanceled(client.modify(AccountSchema, name, () => {}, { signal: AbortSignal.abort() }));

const options = loadOptions({ key: 'secret', timeoutMs: undefined });
assert.equal({ ...options }.key, 'secret');
for (const value of [options, connect({ key: 'secret' }), connect({ key: 'secret' }).options]) {
  assert(!inspect(value, { depth: 9, showHidden: true }).includes('secret'));
}
assert(!JSON.stringify(options).includes('secret'));

await assert.rejects(client.accounts.createAccount({ account: {} }), (error) => {
  assert.match(String(error), /^InvalidArgument: .*\(FIELD_REQUIRED\)\n {2}account\.display_name: .*\n {2}request id /);
  return true;
});

client.close();
silent.close();
silent.unref();
console.log('everything ends as it should');
