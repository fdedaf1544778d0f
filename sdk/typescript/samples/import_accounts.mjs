// Bulk writing: rows of any number, an account of each, and what was refused. Running it again changes nothing; cut off
// in its midst, it goes on where it ended.
import { create } from '@bufbuild/protobuf';
import { AccountSchema, connect } from 'folio-client';

function* rows() {
  for (let number = 1; number <= 2000; number += 1) {
    yield create(AccountSchema, {
      name: `accounts/ts-sample-${number}`,
      displayName: `Sample ${number}`,
      sector: 'Samples',
      annualRecurringRevenue: { currencyCode: 'EUR', units: BigInt(12 * number) },
    });
  }
  yield create(AccountSchema, { name: 'accounts/ts-sample-bad', displayName: 'Bad', countryCode: 'France' });
}

const report = await connect().importRows({ collection: 'accounts', importId: 'ts-samples' }, rows(), {
  onProgress: ({ durableThroughRow }) => console.log(`${durableThroughRow} rows are durable`),
});
console.log(`created ${report.counts.created}, rejected ${report.counts.rejected}`);
for (const row of report.rejected) console.log(`row ${row.row}: ${row.field}: ${row.message}`);
process.exit(0);
