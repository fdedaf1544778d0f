// What a program of a consumer looks like to the compiler; compiled as an ES module and as CommonJS, never run.
import { AccountSchema, AccountService, Code, connect, FolioError, type Account } from 'folio-client';

export async function names(filter: string, server?: string): Promise<string[]> {
  const client = connect({ profile: 'prod', timeoutMs: 5000, server });
  const found: string[] = [];
  try {
    for await (const account of client.rows(AccountService.method.listAccounts, { filter })) {
      const row: Account = account;
      found.push(row.displayName);
    }
    const created = await client.accounts.createAccount({ account: { displayName: 'Acme' } }, { timeoutMs: 100 });
    await client.modify(AccountSchema, created.name, (account) => account.tags.push('new'));
  } catch (error) {
    if (FolioError.is(error) && error.code === Code.NotFound) return error.fields.map((fault) => fault.field);
    throw error;
  }
  return found;
}
