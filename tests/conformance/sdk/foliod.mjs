// A foliod of the harness: a development server in a folder that is removed at the end.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class Foliod {
  constructor(binary, { tls = false } = {}) {
    this.binary = binary;
    this.folder = mkdtempSync(join(tmpdir(), 'folio-conformance-'));
    this.listen = '127.0.0.1:0';
    this.options = ['--dev', '--data', join(this.folder, 'data'), '--now', '2024-12-31T12:00:00Z', '--log-level',
      'off'];
    if (tls) this.options.push(...this.makeCertificate());
  }

  // A certificate that is its own authority, good for this machine; the flags that make foliod use it.
  makeCertificate() {
    this.authority = join(this.folder, 'server.pem');
    const key = join(this.folder, 'server.key');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
      '-keyout', key, '-out', this.authority, '-days', '2', '-subj', '/CN=localhost', '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
    return ['--tls-certificate', this.authority, '--tls-key', key];
  }

  async start() {
    const flags = [...this.options, '--listen', this.listen];
    const child = spawn(this.binary, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    const said = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name, value] = /^export (FOLIO_\w+)=(.*)$/.exec(line) ?? [];
      if (name) said[name] = value;
      if (said.FOLIO_SERVER && said.FOLIO_KEY) break;
    }
    if (!said.FOLIO_KEY) throw new Error('foliod did not start');
    child.stdout.resume();
    this.address = said.FOLIO_SERVER;
    this.key = said.FOLIO_KEY;
    this.listen = this.address;
  }

  async stop(signal = 'SIGTERM') {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }

  // The same data, address and key.
  async restart() {
    await this.stop('SIGKILL');
    await this.start();
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
