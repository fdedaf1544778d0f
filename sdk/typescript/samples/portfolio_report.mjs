// Who needs attention: the accounts at risk with the most revenue, and why.
import { connect, PortfolioService } from 'folio-client';

const client = connect();
const { totals } = await client.portfolio.getPortfolioSummary({});
console.log(`${totals.accountCount} accounts, ARR ${totals.arr.units}`);

const request = { filter: 'risk:*', orderBy: 'arr desc', pageSize: 5 };
let shown = 0;
for await (const entry of client.rows(PortfolioService.method.listPortfolio, request)) {
  console.log(`${entry.displayName}: health ${entry.health?.score}, risks ${entry.risks.join(', ')}`);
  if (++shown === 5) break;
}
process.exit(0);
