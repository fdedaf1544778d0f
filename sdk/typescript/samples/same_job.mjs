// What a customer does in a week, on the files of RavenStack: imports accounts, subscriptions and tickets, filters,
// explains a score, changes an account and sees the change come, computes indicators, exports. The same program is
// among the samples of each language, and prints the same line of JSON.
//
//   same_job.mjs FOLDER   with ravenstack_accounts.csv, ravenstack_subscriptions.csv, ravenstack_support_tickets.csv
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import {
  AccountSchema, AccountService, BillingPeriod, ChangeType, connect, FactSchema, HealthBand, PeriodGrain,
  SubscriptionSchema, TicketPriority,
} from 'folio-client';

const folder = process.argv[2];
const client = connect();

function* read(name) {
  const [head, ...lines] = readFileSync(`${folder}/ravenstack_${name}.csv`, 'utf8').trimEnd().split(/\r?\n/);
  const names = head.split(',');
  for (const line of lines) {
    const values = line.split(',');
    yield Object.fromEntries(names.map((name, index) => [name, values[index]]));
  }
}

function accountOf(row) {
  return create(AccountSchema, {
    name: `accounts/${row.account_id}`,
    externalIds: [{ system: 'ravenstack', id: row.account_id }],
    displayName: row.account_name,
    sector: row.industry,
    countryCode: row.country === 'UK' ? 'GB' : row.country,
    plan: row.plan_tier,
    seatCount: Number(row.seats),
  });
}

function dateOf(text) {
  const [year, month, day] = text.split('-').map(Number);
  return { year, month, day };
}

function subscriptionOf(row) {
  return create(SubscriptionSchema, {
    name: `subscriptions/${row.subscription_id}`,
    account: `accounts/${row.account_id}`,
    startDate: dateOf(row.start_date),
    endDate: row.end_date ? dateOf(row.end_date) : undefined,
    annualAmount: { currencyCode: 'USD', units: BigInt(row.arr_amount) },
    trial: row.is_trial === 'True',
    plan: row.plan_tier,
    seatCount: Number(row.seats),
    billingPeriod: BillingPeriod[row.billing_frequency.toUpperCase()],
    autoRenew: row.auto_renew_flag === 'True',
  });
}

function timeOf(text) {
  const [day, time = '00:00:00'] = text.split(' ');
  return { seconds: BigInt(Date.parse(`${day}T${time}Z`) / 1000) };
}

function ticketOf(row) {
  const ticket = {
    priority: TicketPriority[row.priority.toUpperCase()],
    closeTime: row.closed_at ? timeOf(row.closed_at) : undefined,
    firstResponseSeconds: 60n * BigInt(row.first_response_time_minutes),
    satisfaction: row.satisfaction_score ? Number(row.satisfaction_score) : undefined,
    escalated: row.escalation_flag === 'True',
  };
  return create(FactSchema, {
    account: `accounts/${row.account_id}`,
    source: 'ravenstack',
    sourceId: row.ticket_id,
    eventTime: timeOf(row.submitted_at),
    detail: { case: 'ticket', value: ticket },
  });
}

function* mapped(rows, rowOf) {
  for (const row of rows) yield rowOf(row);
}

// Whole, so that every language writes it alike.
function millionths(number) {
  return Math.floor(number * 1e6 + 0.5);
}

async function watchChange(revision, name) {
  await client.modify(AccountSchema, name, (account) => { account.tags.push('same-job'); });
  const start = { case: 'afterRevision', value: revision };
  for await (const response of client.watch({ collections: ['accounts'], account: name, start })) {
    for (const event of response.events) {
      if (event.resource.case === 'account' && event.resource.value.tags.includes('same-job')) {
        return ['CHANGE_TYPE_' + ChangeType[event.type], event.name];
      }
    }
  }
  throw new Error('the watch has ended');
}

function valueOf({ indicator, period, value, sampleSize }) {
  const amount = value.case === 'money'
    ? [value.value.currencyCode, Number(value.value.units), value.value.nanos] : millionths(value.value ?? 0);
  return [indicator, period.startDate.month, amount, Number(sampleSize)];
}

const imported = {};
let revision = 0n;
const kinds = [
  ['accounts', 'accounts', accountOf], ['subscriptions', 'subscriptions', subscriptionOf],
  ['facts', 'support_tickets', ticketOf],
];
for (const [collection, file, rowOf] of kinds) {
  const report = await client.importRows({ collection, importId: `same-job-${file}` }, mapped(read(file), rowOf));
  imported[file] = [Number(report.counts.created), Number(report.counts.rejected)];
  revision = report.revision;
}

const filtered = [];
const list = { filter: 'sector = "FinTech" AND country = "GB"', orderBy: 'display_name' };
for await (const account of client.rows(AccountService.method.listAccounts, list)) filtered.push(account.name);

const score = await client.health.explainHealth({ account: 'accounts/A-2e4581' });
const parts = score.contributions.map((part) => [part.dimension, part.measure, millionths(part.points)]);
const explained = [score.score, 'HEALTH_BAND_' + HealthBand[score.band], parts];

const watched = await watchChange(revision, 'accounts/A-2e4581');

const query = { startDate: dateOf('2024-10-01'), endDate: dateOf('2025-01-01'), grain: PeriodGrain.MONTH };
const indicators = ['mrr', 'arr', 'nrr', 'first_response_time'];
const computed = (await client.indicators.computeIndicators({ indicators, query })).values.map(valueOf);

const exported = [];
for await (const account of client.exportAccounts()) {
  exported.push([account.name, account.displayName, account.plan, account.seatCount, account.tags]);
}

console.log(JSON.stringify({ computed, explained, exported, filtered, imported, watched }));
process.exit(0);
