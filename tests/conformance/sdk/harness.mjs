// Plays vectors: one driver, the servers that vectors ask for, and what came compared with what should.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Driver } from './driver.mjs';
import { FaultServer } from './fault_server.mjs';
import { Foliod } from './foliod.mjs';
import { differences, differencesOfCalls } from './match.mjs';

const KEY_OF_FAULT_SERVER = 'folio_test_key';

export class Harness {
  constructor(driverCommand, contract, foliodBinary) {
    Object.assign(this, { driverCommand, contract, foliodBinary });
    this.scratch = mkdtempSync(join(tmpdir(), 'folio-vectors-'));
  }

  async open() {
    this.driver = new Driver(this.driverCommand);
    this.fault = new FaultServer(this.contract);
    this.faultAddress = await this.fault.listen();
    this.silent = await listening(createServer(() => {}));
    const closed = await listening(createServer());
    this.closedAddress = closed.address;
    closed.server.close();
  }

  async close() {
    this.driver.close();
    this.fault.close();
    this.silent.server.close();
    await this.foliod?.close();
    await this.foliodTls?.close();
    rmSync(this.scratch, { recursive: true });
  }

  // Returns what is wrong; an empty list where the SDK does what the vector says.
  async play(vector, testCase) {
    this.values = await this.valuesFor(vector.server);
    this.fault.play(this.expand(testCase.script ?? {}));
    for (const [path, text] of Object.entries(testCase.files ?? {})) this.writeFile(path, this.expand(text));
    for (const [index, step] of testCase.steps.entries()) {
      const found = await this.perform(step, { ...vector.client, ...testCase.client });
      if (found.length > 0) return found.map((text) => `step ${index + 1}: ${text}`);
    }
    return differencesOfCalls(this.expand(testCase.seen ?? {}), this.fault.calls);
  }

  async perform(step, client) {
    if (step.restart) {
      await this.foliod.restart();
      return [];
    }
    const connection = { server: this.values.server, key: this.values.key, ...client, ...step.do.client };
    const answer = this.driver.perform(this.expand({ ...step.do, client: connection }));
    const meanwhile = step.meanwhile ? await this.performMeanwhile(step.meanwhile, client) : [];
    const actual = await answer;
    for (const [name, path] of Object.entries(step.save ?? {})) {
      this.values[name] = path.split('.').reduce((value, key) => value?.[key], actual);
    }
    return [...meanwhile, ...differences(this.expand(step.expect ?? {}), actual)];
  }

  // What happens while the SDK is at work is done through a second driver.
  async performMeanwhile(steps, client) {
    const first = this.driver;
    this.driver = new Driver(this.driverCommand);
    try {
      const found = [];
      for (const step of steps) found.push(...(await this.perform(step, client)).map((text) => `meanwhile: ${text}`));
      return found;
    } finally {
      this.driver.close();
      this.driver = first;
    }
  }

  async valuesFor(server) {
    const values = { scratch: this.scratch, silent: this.silent.address, closed: this.closedAddress };
    if (server === 'fault') return { ...values, server: this.faultAddress, key: KEY_OF_FAULT_SERVER };
    if (!this.foliod) {
      this.foliod = new Foliod(this.foliodBinary);
      this.foliodTls = new Foliod(this.foliodBinary, { tls: true });
      await Promise.all([this.foliod.start(), this.foliodTls.start()]);
    }
    const { address: tls, key: tlsKey, authority } = this.foliodTls;
    return { ...values, server: this.foliod.address, key: this.foliod.key, tls, tlsKey, authority };
  }

  // Puts values in for "${name}", in every text of a JSON value.
  expand(json) {
    if (Array.isArray(json)) return json.map((element) => this.expand(element));
    if (json !== null && typeof json === 'object') {
      return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, this.expand(value)]));
    }
    if (typeof json !== 'string') return json;
    const repeated = /^\$\{(.) \* (\d+)\}$/.exec(json);
    if (repeated) return repeated[1].repeat(Number(repeated[2]));
    return json.replace(/\$\{(\w+)\}/g, (_, name) => this.values[name] ?? `(no value ${name})`);
  }

  writeFile(path, text) {
    const whole = join(this.scratch, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode: 0o600 });
  }
}

// A server that accepts connections and says nothing, or the address that one had.
async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return { server, address: `127.0.0.1:${server.address().port}` };
}
