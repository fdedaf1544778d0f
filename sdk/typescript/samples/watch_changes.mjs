// Changes as they happen, from a change that this program makes itself. The token makes a later run go on behind the
// last change that was seen.
import { AccountSchema, ChangeType, connect } from 'folio-client';

const name = 'accounts/ts-watched-sample';
const client = connect();
await client.accounts.updateAccount({ account: { name, displayName: 'Watched' }, allowMissing: true });

let edited = false;
const start = { case: 'snapshot', value: true };
for await (const response of client.watch({ collections: ['accounts'], account: name, start })) {
  for (const event of response.events) {
    console.log('CHANGE_TYPE_' + ChangeType[event.type], event.name, event.resource.value?.notes);
  }
  if (edited && response.events.length > 0) {
    console.log('go on behind', response.resumeToken !== '');
    break;
  }
  if (!edited && response.snapshotComplete) {
    await client.modify(AccountSchema, name, (account) => { account.notes += 'called; '; });
    edited = true;
  }
}
process.exit(0);
