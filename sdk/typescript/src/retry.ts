import { Code, ConnectError, type Interceptor, type UnaryRequest } from '@connectrpc/connect';
import { getOption, hasOption, type DescMethod } from '@bufbuild/protobuf';
import { FolioError, typed } from './errors.js';
import { access } from './gen/folio/v1/options_pb.js';

// The same as service_config.json, which says it to gRPC in other languages.
const ATTEMPTS = 4;
const FIRST_MS = 100;
const LONGEST_MS = 5_000;
const TOKENS = 50;
const TOKEN_OF_SUCCESS = 0.1;

/** What follows from the contract for every call of a method. */
interface Traits {
  readonly takesRequestId: boolean;
  /** A second attempt of a write without a request id might have a second effect, and a stream cannot be sent again. */
  readonly mayRepeat: boolean;
}

const known = new WeakMap<DescMethod, Traits>();

/** Reads a method's traits once: options of the contract are decoded each time they are asked for. */
export function traitsOf(method: DescMethod): Traits {
  let traits = known.get(method);
  if (!traits) {
    const takesRequestId = method.input.fields.some((field) => field.name === 'request_id');
    const writes = hasOption(method, access) && getOption(method, access).writes;
    traits = { takesRequestId, mayRepeat: method.methodKind === 'unary' && (!writes || takesRequestId) };
    known.set(method, traits);
  }
  return traits;
}

/** Tries calls again where that is safe, the server is not known to fail, and the client is not closed. */
export function retries(closed: () => boolean): Interceptor {
  let tokens = TOKENS;
  return (next) => async (request) => {
    // A connection that is closed would be made again.
    if (closed()) throw new ConnectError('The client is closed.', Code.Canceled);
    if (request.stream || !traitsOf(request.method).mayRepeat) return next(request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await next(request);
        tokens = Math.min(tokens + TOKEN_OF_SUCCESS, TOKENS);
        return response;
      } catch (reason) {
        if (!timeHeals(typed(reason))) throw reason;
        tokens = Math.max(tokens - 1, 0);
        const wait = waitAfter(reason, attempt);
        if (wait === undefined || tokens <= TOKENS / 2) throw reason;
        await pauseOf(wait, request);
        if (closed()) throw reason;
      }
    }
  };
}

function timeHeals({ code }: FolioError): boolean {
  return code === Code.Unavailable || code === Code.ResourceExhausted;
}

// Milliseconds to wait before the next attempt; undefined where there is none.
function waitAfter(reason: unknown, attempt: number): number | undefined {
  if (attempt === ATTEMPTS) return undefined;
  const told = ConnectError.from(reason).metadata.get('grpc-retry-pushback-ms');
  if (told !== null) return Number(told) >= 0 ? Number(told) : undefined;
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) * (0.8 + 0.4 * Math.random());
}

// The signal ends with the call's timeout.
function pauseOf(milliseconds: number, request: UnaryRequest): Promise<void> {
  return pause(milliseconds, request.signal);
}

/** Waits, or rejects with the signal's reason as soon as that says stop. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The server still holds an import by its id, over a connection that it does not know to be lost. */
export function isBusy(error: FolioError): boolean {
  return error.code === Code.Aborted && error.reason === 'IMPORT_ID_BUSY';
}

/** Waiting between attempts to get a lost connection back, while there is patience. */
export class Patience {
  private wait = FIRST_MS;
  private firstFailure: number | undefined;

  constructor(private readonly limitMs: number, private readonly signal?: AbortSignal) {}

  /** Something went well: patience begins anew. */
  reset(): void {
    this.wait = FIRST_MS;
    this.firstFailure = undefined;
  }

  /** Waits before the next attempt. Throws the error where time does not heal it, or patience is at its end. */
  async after(error: FolioError): Promise<void> {
    if (!timeHeals(error) && !isBusy(error)) throw error;
    const now = performance.now();
    this.firstFailure ??= now;
    const wait = Math.max(this.wait * (0.5 + Math.random() / 2), error.retryAfterMs ?? 0);
    if (now + wait - this.firstFailure > this.limitMs) throw error;
    this.wait = Math.min(this.wait * 2, LONGEST_MS);
    try {
      await pause(wait, this.signal);
    } catch (reason) {
      // As everywhere else that a signal says stop.
      throw new FolioError(reason instanceof Error ? reason.message : String(reason), Code.Canceled, { cause: reason });
    }
  }
}
