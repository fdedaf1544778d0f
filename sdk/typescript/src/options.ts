import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Code } from '@connectrpc/connect';
import { parse } from 'smol-toml';
import { FolioError } from './errors.js';

export const VERSION = '0.1.0';
export const DEFAULT_SERVER = '127.0.0.1:7117';

/** Where the server is, and who is calling. */
export interface Options {
  /**
   * "host:port", also with "http://" or "https://" (which means TLS) before it. Without a port it is 443 with TLS, else
   * 7117.
   */
  server: string;
  /** The API key. */
  key: string;
  /** Milliseconds, of one call with all its attempts. */
  timeoutMs: number;
  /** Language of error texts and explanations: "en" or "fr". */
  locale: string;
  /** Speak TLS. */
  tls: boolean;
  /** PEM file of accepted authorities; empty means the system's. */
  caFile: string;
  /** Names the calling program. */
  userAgent: string;
}

export const DEFAULTS: Readonly<Options> = {
  server: DEFAULT_SERVER, key: '', timeoutMs: 30_000, locale: 'en', tls: false, caFile: '',
  userAgent: `folio-typescript/${VERSION}`,
};

/** Some of the options; what is undefined is not given. */
export type Given = { [Name in keyof Options]?: Options[Name] | undefined };

/** Stronger than the environment, which is stronger than the profile. */
export interface Overrides extends Given {
  /** Else FOLIO_PROFILE, then the file's default_profile. */
  profile?: string | undefined;
  /** The file whose first line is the API key. */
  keyFile?: string | undefined;
}

/**
 * Overrides, then FOLIO_SERVER, FOLIO_KEY and FOLIO_KEY_FILE, then the profile, then defaults. A profile is a table of
 * $XDG_CONFIG_HOME/folio/config.toml (or ~/.config/folio/config.toml), the file of the command line. Throws NotFound
 * where a named profile does not exist, InvalidArgument (naming file and line) where the file is wrong or has an
 * unknown key.
 */
export function loadOptions({ profile, keyFile, ...overrides }: Overrides = {}): Options {
  const options: Options = { ...DEFAULTS, ...readProfileFile(profile ?? process.env['FOLIO_PROFILE'] ?? '') };
  const { FOLIO_SERVER, FOLIO_KEY, FOLIO_KEY_FILE } = process.env;
  if (FOLIO_SERVER) options.server = FOLIO_SERVER;
  if (FOLIO_KEY_FILE) options.key = readKeyFile(FOLIO_KEY_FILE);
  if (FOLIO_KEY) options.key = FOLIO_KEY;
  if (keyFile !== undefined) options.key = readKeyFile(keyFile);
  return withoutKey({ ...options, ...given(overrides) });
}

/** Without what is undefined. */
export function given(options: Given): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The same options; where they are printed, the key is left out: it has no place in logs. */
export function withoutKey(options: Options): Options {
  const { key, ...told } = options;
  const shown = { value: () => told };
  return Object.defineProperties({ ...told, key }, { [inspect.custom]: shown, toJSON: shown });
}

/** Path of the profile file; empty where neither XDG_CONFIG_HOME nor HOME is set. */
export function profilePath(): string {
  const { XDG_CONFIG_HOME, HOME } = process.env;
  if (XDG_CONFIG_HOME) return `${XDG_CONFIG_HOME}/folio/config.toml`;
  return HOME ? `${HOME}/.config/folio/config.toml` : '';
}

function readProfileFile(asked: string): Partial<Options> {
  const path = profilePath();
  if (!path || !existsSync(path)) {
    if (!asked) return {};
    throw new FolioError(`There is no profile '${asked}': ${path} does not exist.`, Code.NotFound);
  }
  const text = readFileSync(path, 'utf8');
  let file: Record<string, unknown>;
  try {
    file = parse(text);
  } catch (error) {
    throw new FolioError(`${path}: ${(error as Error).message}`, Code.InvalidArgument);
  }
  const wanted = asked || String(file['default_profile'] ?? '');
  if (!wanted) return {};
  const profile = (file['profiles'] as Record<string, unknown> | undefined)?.[wanted];
  if (typeof profile !== 'object' || profile === null) {
    throw new FolioError(`There is no profile '${wanted}' in ${path}.`, Code.NotFound);
  }
  return readProfile(path, text, profile as Record<string, unknown>);
}

const KEYS: Readonly<Record<string, string>> = {
  server: 'string', key: 'string', key_file: 'string', locale: 'string', ca_file: 'string', tls: 'boolean',
  timeout_seconds: 'number',
};

// Unknown keys are refused: a misspelled one would be ignored for ever.
function readProfile(path: string, text: string, profile: Record<string, unknown>): Partial<Options> {
  for (const [name, value] of Object.entries(profile)) {
    if (typeof value === KEYS[name]) continue;
    const line = text.split('\n').findIndex((candidate) => candidate.trimStart().startsWith(name)) + 1;
    throw new FolioError(`${path}:${line}: unknown key '${name}', or a value of the wrong type.`, Code.InvalidArgument);
  }
  const { key_file, ca_file, timeout_seconds, ...same } = profile as Record<string, string & number>;
  const options: Partial<Options> = same;
  if (ca_file) options.caFile = expandHome(ca_file);
  if (timeout_seconds !== undefined) options.timeoutMs = timeout_seconds * 1000;
  if (key_file) options.key = readKeyFile(key_file);
  return options;
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? `${process.env['HOME'] ?? ''}${path.slice(1)}` : path;
}

/** The key that a file holds: its first line, without the spaces around it. */
function readKeyFile(given: string): string {
  const path = expandHome(given);
  try {
    return (readFileSync(path, 'utf8').split('\n')[0] ?? '').trim();
  } catch {
    throw new FolioError(`Cannot read the key file ${path}.`, Code.NotFound);
  }
}
