import { readFileSync } from 'node:fs';
import { Code } from '@connectrpc/connect';
import { FolioError } from './errors.js';
import type { Options } from './options.js';

// No call takes longer: a timeout beyond counts as this, which is within what a timer of Node can do.
const LONGEST_TIMEOUT_MS = 7 * 24 * 3600 * 1000;

/** The timeout, or the longest that there is. */
export function bounded(timeoutMs: number): number {
  return timeoutMs > LONGEST_TIMEOUT_MS ? LONGEST_TIMEOUT_MS : timeoutMs;
}

/** The options with a bounded timeout. Throws InvalidArgument where what they say cannot be sent. */
export function checked(options: Options): Options {
  if (!(options.timeoutMs > 0)) throw wrong('The timeout must be positive.');
  checkText('key', options.key);
  checkText('locale', options.locale);
  checkText('user agent', options.userAgent);
  return { ...options, timeoutMs: bounded(options.timeoutMs) };
}

// HOST, HOST:PORT, [IPV6] or [IPV6]:PORT
const ADDRESS = /^(?:[^\x00-\x20/@?#:[\]]+|\[[^\x00-\x20/@?#[\]]+\])(?::([0-9]{1,5}))?$/;

/** The URL of the server: port 443 with TLS and 7117 without where the address has none. */
export function urlOf(options: Options): string {
  const secure = options.server.startsWith('https://') || options.tls;
  const address = options.server.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  if (!address) throw wrong('No address of a server is given.');
  const parts = ADDRESS.exec(address);
  const port = parts ? Number(parts[1] ?? (secure ? 443 : 7117)) : 0;
  if (port < 1 || port > 65535) {
    throw wrong(`'${options.server}' is no address of a server: HOST:PORT is asked for.`);
  }
  return `${secure ? 'https' : 'http'}://${parts?.[1] ? address : `${address}:${port}`}`;
}

/** What a file of accepted authorities holds. */
export function readAuthorities(path: string): Buffer {
  let authorities: Buffer;
  try {
    authorities = readFileSync(path);
  } catch {
    throw new FolioError(`Cannot read ${path}.`, Code.NotFound);
  }
  if (!authorities.includes('-----BEGIN CERTIFICATE-----')) throw wrong(`There is no certificate in ${path}.`);
  return authorities;
}

// A header carries nothing but printable ASCII.
function checkText(what: string, text: string): void {
  if (!/^[ -~]*$/.test(text)) throw wrong(`The ${what} has characters that cannot be sent, such as a line break.`);
}

function wrong(message: string): FolioError {
  return new FolioError(message, Code.InvalidArgument);
}
