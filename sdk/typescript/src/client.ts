import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import {
  clone, create, type DescMessage, type DescMethod, type DescMethodUnary, type DescService, type Message,
  type MessageInitShape, type MessageShape,
} from '@bufbuild/protobuf';
import {
  Code, createClient, type CallOptions, type Client as ConnectClient, type Interceptor, type Transport,
} from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { bounded, checked, readAuthorities, urlOf } from './checked.js';
import { FolioError, typed } from './errors.js';
import { Importer, type ImportOptions, type ImportReport } from './importer.js';
import * as v1 from './gen/index.js';
import { modifyWith } from './modify.js';
import { DEFAULTS, given, loadOptions, withoutKey, type Given, type Options, type Overrides } from './options.js';
import { Patience, retries, traitsOf } from './retry.js';
import { Rows } from './rows.js';

const RESPONSE_BYTES_MAX = 8 << 20;

// What a server speaks where it is not asked; asking for it would cost every call a header.
const UNASKED_LOCALE = 'en';

const SERVICES = {
  accounts: v1.AccountService, admin: v1.AdminService, businessCalendars: v1.BusinessCalendarService,
  contacts: v1.ContactService, customFields: v1.CustomFieldService,
  customIndicators: v1.CustomIndicatorService, deals: v1.DealService,
  exchangeRates: v1.ExchangeRateService, facts: v1.FactService, factHistory: v1.FactHistoryService,
  health: v1.HealthService,
  healthModels: v1.HealthModelService, healthProof: v1.HealthProofService, indicators: v1.IndicatorService,
  indicatorTargets: v1.IndicatorTargetService,
  leads: v1.LeadService, operations: v1.OperationService, portfolio: v1.PortfolioService, signals: v1.SignalService,
  signalRules: v1.SignalRuleService, subscriptions: v1.SubscriptionService, tasks: v1.TaskService,
  workspace: v1.WorkspaceService,
} as const;

type Services = { readonly [Name in keyof typeof SERVICES]: ConnectClient<(typeof SERVICES)[Name]> };

export interface WatchOptions {
  /** How long to try to get a lost connection back; five minutes where it is left out. */
  patienceMs?: number;
  signal?: AbortSignal;
}

export interface ExportOptions {
  /** Gets how many have come, and how many there are. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

class Base {
  readonly options: Options;
  protected readonly transport: Transport;
  private readonly connection: Http2SessionManager;
  private closed = false;
  private underWay = 0;

  constructor(options: Given) {
    const all = checked({ ...DEFAULTS, ...given(options) });
    this.options = withoutKey(all);
    this.connection = connectionTo(all);
    this.transport = transportFor(all, this.connection, () => this.closed);
    // The key is known to closures, and has no place in logs.
    Object.defineProperty(this, inspect.custom, { value: () => `folio-client of ${this.options.server}` });
    for (const [name, service] of Object.entries(SERVICES)) {
      Object.defineProperty(this, name, { value: this.service(service), enumerable: true });
    }
  }

  /** Ends the connection and every call that is under way: these, and later ones, fail with code Canceled. */
  close(): void {
    this.closed = true;
    this.connection.abort();
  }

  /** Typed calls of a service, whose errors are FolioErrors. */
  protected service<Service extends DescService>(service: Service): ConnectClient<Service> {
    const client = createClient(service, this.transport) as Record<string, (...given: never[]) => unknown>;
    const calls: Record<string, unknown> = {};
    for (const method of service.methods) {
      const call = client[method.localName]!.bind(client) as (request: unknown, options?: CallOptions) => unknown;
      calls[method.localName] = method.methodKind === 'unary'
        ? (request: unknown, options?: CallOptions) => this.told(call(request, boundedOf(options)) as Promise<unknown>)
        // A stream has no timeout.
        : (request: unknown, options?: CallOptions) =>
          this.toldStream(call(request, { timeoutMs: 0, ...boundedOf(options) }) as AsyncIterable<unknown>);
    }
    return calls as ConnectClient<Service>;
  }

  /** The rows of a list method: client.rows(AccountService.method.listAccounts, { filter }). */
  rows<Method extends DescMethodUnary>(
    method: Method, request: MessageInitShape<Method['input']>, options?: CallOptions,
  ): Rows<RowOf<MessageShape<Method['output']>>, MessageShape<Method['output']> & { nextPageToken: string }> {
    const fetch = (page: Message) => this.call(method, page, options) as never;
    return new Rows(method, fetch, create(method.input, request as never) as never);
  }

  /** Calls a method by its descriptor. */
  async call<Method extends DescMethodUnary>(
    method: Method, request: Message, options: CallOptions = {},
  ): Promise<MessageShape<Method['output']>> {
    const { timeoutMs, signal, headers, contextValues } = boundedOf(options) ?? {};
    const response = this.transport.unary(method, signal, timeoutMs, headers, request as never, contextValues);
    return (await this.told(response)).message as MessageShape<Method['output']>;
  }

  private async told<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.underWay += 1;
    try {
      return await answer;
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.underWay -= 1;
    }
  }

  private async *toldStream<Answer>(answers: AsyncIterable<Answer>): AsyncGenerator<Answer> {
    this.underWay += 1;
    try {
      yield* answers;
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.underWay -= 1;
    }
  }

  // Why a call failed. Where it was the last that waited for a connection, that is given up: it would keep Node.js
  // running for as long as the server says nothing.
  private failed(error: unknown): FolioError {
    if (this.underWay === 1 && this.connection.state() === 'connecting') this.connection.abort();
    return this.closed ? closedError(error) : typed(error);
  }

  /**
   * Reads a resource, lets `change` change it, and writes the fields that differ, bound to what was read. Where
   * somebody else was first it does so again, five times at most, within one timeout. Nothing is written where nothing
   * differs. `change` may be asynchronous.
   */
  modify<Resource extends DescMessage>(
    resource: Resource, name: string, change: (resource: MessageShape<Resource>) => unknown, options: CallOptions = {},
  ): Promise<MessageShape<Resource>> {
    const call = (method: DescMethodUnary, request: Message, left: number) =>
      this.call(method, request, { ...options, timeoutMs: left });
    const timeoutMs = options.timeoutMs ?? this.options.timeoutMs;
    return modifyWith(call, Object.values(SERVICES), resource, name, change, timeoutMs);
  }

  /**
   * Writes rows without a limit on their number, and reports what became of each. With an import id a lost connection
   * is taken up again, and a later call with the same id and the same rows goes on after the last durable one.
   */
  async importRows(
    header: MessageInitShape<typeof v1.ImportHeaderSchema>, rows: Iterable<Message> | AsyncIterable<Message>,
    options?: ImportOptions,
  ): Promise<ImportReport> {
    const importer = this.importer(header, options);
    try {
      await importer.open();
      let position = 0n;
      for await (const row of rows) await importer.add(position += 1n, row);
      return await importer.finish();
    } finally {
      importer.cancel();
    }
  }

  /** The same row by row, for callers that number and reject rows themselves. */
  importer(header: MessageInitShape<typeof v1.ImportHeaderSchema>, options?: ImportOptions): Importer {
    return new Importer(this.service(v1.ImportService), create(v1.ImportHeaderSchema, header), options);
  }

  /** Every account that matches, from one state. A stream that is cut throws behind the accounts that came. */
  async *exportAccounts(
    request: MessageInitShape<typeof v1.ExportAccountsRequestSchema> = {}, options: ExportOptions = {},
  ): AsyncGenerator<v1.Account> {
    let done = 0;
    const callOptions = options.signal ? { signal: options.signal } : {};
    for await (const response of this.service(v1.AccountService).exportAccounts(request, callOptions)) {
      done += response.accounts.length;
      options.onProgress?.(done, Number(response.totalSize));
      yield* response.accounts;
    }
  }

  /**
   * Changes as they happen, without gap or repetition, over lost connections. The resume token of the last response
   * makes a later watch go on where this one ended. OutOfRange with reason LOG_COMPACTED means to begin again with a
   * snapshot.
   */
  watch(
    request: MessageInitShape<typeof v1.WatchRequestSchema> = {}, options: WatchOptions = {},
  ): AsyncGenerator<v1.WatchResponse> {
    const own = create(v1.WatchRequestSchema, request);
    const service = this.service(v1.WatchService);
    return follow((callOptions) => service.watch(own, callOptions), (token) => {
      own.start = { case: 'resumeToken', value: token };
    }, options);
  }

  /**
   * Rows of the portfolio as they enter the filter, change and leave it, taken up again like `watch`. A response with
   * `beginsAgain` means that the server has forgotten what it has told, and tells all rows anew.
   */
  watchPortfolio(
    request: MessageInitShape<typeof v1.WatchPortfolioRequestSchema> = {}, options: WatchOptions = {},
  ): AsyncGenerator<v1.WatchPortfolioResponse> {
    const own = create(v1.WatchPortfolioRequestSchema, request);
    const service = this.service(v1.PortfolioService);
    return follow((callOptions) => service.watchPortfolio(own, callOptions), (token) => {
      own.resumeToken = token;
    }, options);
  }
}

// Opens a stream, and again behind the last response that was handed over, for as long as there is patience.
async function* follow<Response extends { resumeToken: string }>(
  open: (options: CallOptions) => AsyncIterable<Response>, resume: (token: string) => void, options: WatchOptions,
): AsyncGenerator<Response> {
  const patience = new Patience(options.patienceMs ?? 300_000, options.signal);
  const callOptions = options.signal ? { signal: options.signal } : {};
  for (;;) {
    // A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
    let cause = new FolioError('The server ended the stream.', Code.Unavailable);
    try {
      for await (const response of open(callOptions)) {
        patience.reset();
        yield response;
        if (response.resumeToken) resume(response.resumeToken);
      }
    } catch (error) {
      if (!FolioError.is(error)) throw error;
      cause = error;
    }
    // A reader that was too slow has missed nothing: it goes on after what it has read.
    if (cause.code === Code.OutOfRange && cause.reason === 'FELL_BEHIND') continue;
    await patience.after(cause);
  }
}

type RowOf<Response> = {
  [Name in keyof Response]-?: Response[Name] extends (infer Row extends Message)[] ? Row : never;
}[keyof Response];

/**
 * A connection to a Folio server: every service of the contract as a property, and what takes more than a call. Calls
 * are tried again where that is safe, four times at most and all within the timeout; writes get a request id, so a
 * repeated attempt has one effect. Making a client does no input or output.
 */
export type Client = Base & Services;

/** What is not given comes from the environment and the profile. */
export function connect(overrides: Overrides = {}): Client {
  return newClient(loadOptions(overrides));
}

/** A client of just these options. */
export function newClient(options: Given): Client {
  return new Base(options) as Client;
}

function connectionTo(options: Options): Http2SessionManager {
  const nodeOptions = options.caFile ? { ca: readAuthorities(options.caFile) } : {};
  return new Http2SessionManager(urlOf(options), {}, nodeOptions);
}

function transportFor(options: Options, connection: Http2SessionManager, closed: () => boolean): Transport {
  return createGrpcTransport({
    baseUrl: connection.authority,
    sessionManager: connection,
    defaultTimeoutMs: options.timeoutMs,
    readMaxBytes: RESPONSE_BYTES_MAX,
    interceptors: [completes(options), retries(closed)],
  });
}

function closedError(cause?: unknown): FolioError {
  return new FolioError('The client is closed.', Code.Canceled, { cause });
}

function boundedOf(options: CallOptions | undefined): CallOptions | undefined {
  return options?.timeoutMs === undefined ? options : { ...options, timeoutMs: bounded(options.timeoutMs) };
}

// Gives every call its metadata, and writes a request id where they have none.
function completes(options: Options): Interceptor {
  const authorization = `Bearer ${options.key}`;
  return (next) => (request) => {
    if (options.key) request.header.set('authorization', authorization);
    if (options.locale !== UNASKED_LOCALE) request.header.set('accept-language', options.locale);
    request.header.set('user-agent', options.userAgent);
    if (request.stream || !traitsOf(request.method).takesRequestId) return next(request);
    const message = clone(request.method.input, request.message) as Message & { requestId: string };
    message.requestId ||= randomUUID();
    return next({ ...request, message } as typeof request);
  };
}
