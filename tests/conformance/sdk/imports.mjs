// Imports of the fault server: rows are counted and acknowledged as foliod does it, over several connections, and
// connections are lost where the script says.
//
//   {"import": {"drop_after": 2}}              cut once two chunks are durable, before the second is acknowledged
//   {"import": {"reject": {"3": "FIELD_REQUIRED"}}}   row 3 is refused
//   {"import": {"end_after": 1}}               the server ends the stream, without an error, after one chunk
export class Imports {
  constructor() {
    this.states = new Map();
  }

  connect(script, exchange) {
    return new Connection(this.states, script, exchange);
  }
}

class Connection {
  constructor(states, script, exchange) {
    Object.assign(this, { states, script, exchange, chunks: 0, lost: false });
  }

  take({ header, chunk }) {
    if (this.lost) return;
    if (header) this.open(header);
    else this.write(chunk);
  }

  open(header) {
    this.header = header;
    const id = header.importId ?? '';
    if (!id || header.restart || !this.states.has(id)) this.states.set(id, { durable: 0, created: 0, rejected: 0 });
    this.state = this.states.get(id);
    this.acknowledge([]);
  }

  write(chunk) {
    this.chunks += 1;
    const rows = chunk[this.header.collection] ?? [];
    const first = Number(chunk.firstRow);
    const numbers = chunk.rowNumbers?.map(Number) ?? rows.map((_, index) => first + index);
    const rejected = [];
    for (const row of numbers) {
      const reason = this.script.reject?.[row];
      if (reason) rejected.push({ row: String(row), field: 'display_name', reason, message: `row ${row} is wrong` });
      this.state[reason ? 'rejected' : 'created'] += 1;
    }
    this.state.durable = first + Number(chunk.rowCount) - 1;
    if (this.chunks === this.script.drop_after) return this.lose();
    this.acknowledge(rejected);
    if (this.chunks === this.script.end_after) this.finish();
  }

  acknowledge(rejectedRows) {
    const { durable, created, rejected } = this.state;
    const counts = { created: String(created), rejected: String(rejected) };
    this.exchange.send({ durableThroughRow: String(durable), counts, rejectedRows, revision: String(durable) });
  }

  lose() {
    this.lost = true;
    this.exchange.drop();
  }

  finish() {
    this.lost = true;
    this.exchange.finish(0);
  }

  end() {
    if (!this.lost) this.finish();
  }
}
