// Does through the SDK what the conformance harness says: a command a line in, a result a line out. sdk/spec.md
// describes both. Lies beside the installed package; `--cjs` takes its CommonJS form.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const load = process.argv.includes('--cjs') ? createRequire(import.meta.url) : (name) => import(name);
const folio = await load('folio-client');
const { create, fromJson, toJson } = await load('@bufbuild/protobuf');

const CODES = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS',
  'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED',
  'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

function methodOf(name) {
  const [service, method] = name.split('.');
  return folio[service].methods.find((candidate) => candidate.name === method);
}

function clientOf({ timeout_ms: timeoutMs, ca_file: caFile, ...same }) {
  const given = { ...same, timeoutMs, caFile };
  return folio.newClient(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

function reportJson({ durableThroughRow, counts, rejected }) {
  const names = ['created', 'updated', 'restored', 'unchanged', 'skipped', 'rejected'];
  return {
    durable: Number(durableThroughRow),
    ...Object.fromEntries(names.map((name) => [name, Number(counts[name])])),
    rejected_rows: rejected.map(({ row, field, reason, message }) => ({ row: Number(row), field, reason, message })),
  };
}

function* rowsOf({ rows, count }) {
  for (const row of rows ?? []) yield fromJson(folio.AccountSchema, row);
  for (let number = 1; number <= (count ?? 0); number += 1) {
    yield create(folio.AccountSchema, {
      name: `accounts/row-${String(number).padStart(6, '0')}`, displayName: `Row ${number}`, sector: 'Imported',
    });
  }
}

const operations = {
  async call(client, { method: name, request }, result) {
    const method = methodOf(name);
    result.ok = toJson(method.output, await client.call(method, fromJson(method.input, request)));
  },
  async list(client, { method: name, request, limit }, result) {
    const method = methodOf(name);
    result.rows = [];
    for await (const row of client.rows(method, fromJson(method.input, request))) {
      result.rows.push(toJson(folio.AccountSchema, row));
      if (result.rows.length === limit) break;
    }
  },
  async modify(client, { name, append }, result) {
    result.attempts = 0;
    const changed = await client.modify(folio.AccountSchema, name, (account) => {
      result.attempts += 1;
      account.notes += append;
    });
    result.ok = toJson(folio.AccountSchema, changed);
  },
  async import(client, { header, patience_ms: patienceMs, ...rows }, result) {
    result.progress = [];
    const onProgress = (report) => {
      result.progress.push(Number(report.durableThroughRow));
      result.report = reportJson(report);
    };
    const report = await client.importRows(fromJson(folio.ImportHeaderSchema, header), rowsOf(rows),
      { onProgress, ...(patienceMs === undefined ? {} : { patienceMs }) });
    result.report = reportJson(report);
  },
  async export(client, { request }, result) {
    Object.assign(result, { rows: [], progress: [] });
    const onProgress = (...done) => result.progress.push(done);
    const asked = fromJson(folio.ExportAccountsRequestSchema, request);
    for await (const account of client.exportAccounts(asked, { onProgress })) {
      result.rows.push(toJson(folio.AccountSchema, account));
    }
  },
  async watch(client, { request, until, patience_ms: patienceMs }, result) {
    result.events = [];
    const options = patienceMs === undefined ? {} : { patienceMs };
    for await (const response of client.watch(fromJson(folio.WatchRequestSchema, request), options)) {
      result.events.push(...response.events.map((event) => toJson(folio.ChangeEventSchema, event)));
      result.token = response.resumeToken;
      if (result.events.length >= until) break;
    }
  },
  async watch_portfolio(client, { request, until, patience_ms: patienceMs }, result) {
    result.changes = [];
    const options = patienceMs === undefined ? {} : { patienceMs };
    for await (const response of client.watchPortfolio(fromJson(folio.WatchPortfolioRequestSchema, request), options)) {
      result.changes.push(...response.changes.map((change) => toJson(folio.PortfolioChangeSchema, change)));
      result.token = response.resumeToken;
      if (result.changes.length >= until) break;
    }
  },
};

function loadOptions({ env, overrides = {} }) {
  for (const name of Object.keys(process.env)) {
    if (/^(HOME|XDG_CONFIG_HOME|FOLIO_.*)$/.test(name)) delete process.env[name];
  }
  Object.assign(process.env, env);
  const { timeout_ms: timeoutMs, key_file: keyFile, ca_file: file, ...same } = overrides;
  const options = folio.loadOptions({ ...same, timeoutMs, keyFile, caFile: file });
  const { server, key, tls, locale, caFile, ...rest } = options;
  return { server, key, tls, locale, ca_file: caFile, timeout_ms: rest.timeoutMs };
}

function errorJson(error) {
  if (!folio.FolioError.is(error)) throw error;
  return {
    code: CODES[error.code], message: error.message, reason: error.reason, metadata: error.metadata,
    fields: error.fields, retry_after_ms: error.retryAfterMs, request_id: error.requestId,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const result = {};
  const start = performance.now();
  try {
    if (command.op === 'options') result.ok = loadOptions(command);
    else await operations[command.op](clientOf(command.client), command, result);
  } catch (error) {
    result.error = errorJson(error);
  }
  result.elapsed_ms = performance.now() - start;
  console.log(JSON.stringify(result));
}
process.exit(0);
