import { clone, create, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { Code, type Client as ConnectClient } from '@connectrpc/connect';
import { FolioError } from './errors.js';
import {
  ImportChunkSchema, ImportCountsSchema, ImportHeaderSchema, ImportRequestSchema, RejectedRowSchema,
  type ImportChunk, type ImportCounts, type ImportHeader, type ImportRequest, type ImportResponse, type ImportService,
  type RejectedRow,
} from './gen/folio/v1/import_pb.js';
import { isBusy, Patience } from './retry.js';

// Small enough that a server with a 1 MiB message limit takes any chunk, large enough that a commit pays.
const CHUNK_ROWS = 500n;
const CHUNK_BYTES = 256 << 10;
// A single row beyond this is rejected here: no server would take it.
const ROW_BYTES = 900 << 10;
const BUSY_PATIENCE_MS = 5_000;

/** What has become of the rows. Rows up to `durableThroughRow` survive anything. */
export interface ImportReport {
  durableThroughRow: bigint;
  counts: ImportCounts;
  rejected: RejectedRow[];
  revision: bigint;
}

export interface ImportOptions {
  /** Chunks sent and not yet acknowledged; 4 where it is left out. */
  window?: number;
  /** How long to try to get a lost connection back; a minute where it is left out. */
  patienceMs?: number;
  /** Called after every answer of the server. */
  onProgress?: (report: ImportReport) => void;
  signal?: AbortSignal;
}

/** One import. With an import id it survives lost connections, and another importer goes on where it ended. */
export class Importer {
  readonly report: ImportReport = {
    durableThroughRow: 0n, counts: create(ImportCountsSchema), rejected: [], revision: 0n,
  };
  private readonly rowType: DescMessage;
  private readonly rowsName: string;
  private readonly header: ImportHeader;
  private readonly patience: Patience;
  private stream: Stream | undefined;
  private chunk: ImportChunk = create(ImportChunkSchema);
  private chunkBytes = 0;
  private inFlight: ImportRequest[] = [];
  private tooLarge = 0n;

  constructor(
    private readonly client: ConnectClient<typeof ImportService>, header: ImportHeader,
    private readonly options: ImportOptions = {},
  ) {
    const rows = ImportChunkSchema.fields.find((field) => field.name === header.collection);
    if (rows?.fieldKind !== 'list' || rows.listKind !== 'message') {
      throw new FolioError(`There is no import of '${header.collection}'.`, Code.InvalidArgument);
    }
    this.rowType = rows.message;
    this.rowsName = rows.localName;
    this.header = clone(ImportHeaderSchema, header);
    this.patience = new Patience(options.patienceMs ?? 60_000, options.signal);
  }

  /** Sends the header and waits for the answer. Fails at once where the server cannot be reached. */
  async open(): Promise<void> {
    const busy = new Patience(BUSY_PATIENCE_MS, this.options.signal);
    for (;;) {
      try {
        await this.connect();
        this.header.restart = false;
        return;
      } catch (error) {
        if (!FolioError.is(error) || !isBusy(error)) throw error;
        await busy.after(error);
      }
    }
  }

  /** Adds the row at a position of the source, counted from 1, ascending. What is durable already is left out. */
  async add(position: bigint, row: Message): Promise<void> {
    if (row.$typeName !== this.rowType.typeName) {
      const type = row.$typeName ?? 'none (create() makes one)';
      throw new FolioError(`A row of type ${type} is not one of '${this.header.collection}'.`, Code.InvalidArgument);
    }
    const size = toBinary(this.rowType, row).length;
    if (size > ROW_BYTES) return this.rejectTooLarge(position, size);
    if (position <= this.report.durableThroughRow) return;
    if (this.chunkBytes + size > CHUNK_BYTES || this.chunk.rowCount >= CHUNK_ROWS) await this.flush();
    this.cover(position);
    this.chunk.rowNumbers.push(position);
    (this.chunk as unknown as Record<string, Message[]>)[this.rowsName]!.push(row);
    this.chunkBytes += size;
  }

  /** Tells that the row at a position does not come: the caller has rejected it. */
  async skip(position: bigint): Promise<void> {
    if (position <= this.report.durableThroughRow) return;
    if (this.chunk.rowCount >= CHUNK_ROWS) await this.flush();
    this.cover(position);
  }

  /** Sends what is left and waits until everything is durable. */
  async finish(): Promise<ImportReport> {
    await this.flush();
    while (this.inFlight.length > 0) await this.awaitAnswer();
    await this.stream?.finish();
    this.stream = undefined;
    return this.report;
  }

  /** Ends the import. What is durable stays so. */
  cancel(): void {
    this.stream?.cancel();
    this.stream = undefined;
  }

  private cover(position: bigint): void {
    if (this.chunk.firstRow === 0n) this.chunk.firstRow = position;
    this.chunk.rowCount = position - this.chunk.firstRow + 1n;
  }

  private async rejectTooLarge(row: bigint, size: number): Promise<void> {
    this.tooLarge += 1n;
    this.report.counts.rejected += 1n;
    const message = `The row has ${size} bytes; at most ${ROW_BYTES} are accepted.`;
    this.report.rejected.push(create(RejectedRowSchema, { row, reason: 'ROW_TOO_LARGE', message }));
    this.options.onProgress?.(this.report);
    await this.skip(row);
  }

  private async flush(): Promise<void> {
    if (this.chunk.rowCount === 0n) return;
    while (this.inFlight.length >= (this.options.window ?? 4)) await this.awaitAnswer();
    const request = create(ImportRequestSchema, { message: { case: 'chunk', value: this.chunk } });
    this.chunk = create(ImportChunkSchema);
    this.chunkBytes = 0;
    this.inFlight.push(request);
    this.stream!.write(request);
  }

  private async awaitAnswer(): Promise<void> {
    let lost: FolioError;
    try {
      const answer = await this.stream!.read();
      if (answer) return this.take(answer);
      lost = ended();
    } catch (error) {
      if (!FolioError.is(error)) throw error;
      lost = error;
    }
    await this.recover(lost);
  }

  // Connects again and sends what is not yet durable, for as long as there is patience.
  private async recover(first: FolioError): Promise<void> {
    this.cancel();
    for (let lost = first; ;) {
      if (!this.header.importId) throw lost;
      await this.patience.after(lost);
      try {
        await this.connect();
        break;
      } catch (error) {
        if (!FolioError.is(error)) throw error;
        lost = error;
      }
    }
    for (const request of this.inFlight) this.stream!.write(request);
  }

  private async connect(): Promise<void> {
    const stream = new Stream(this.client, this.options.signal);
    stream.write(create(ImportRequestSchema, { message: { case: 'header', value: this.header } }));
    const answer = await stream.read();
    if (!answer) throw ended();
    this.stream = stream;
    this.take(answer);
  }

  private take(answer: ImportResponse): void {
    const { report } = this;
    if (answer.durableThroughRow > report.durableThroughRow) this.patience.reset();
    report.durableThroughRow = answer.durableThroughRow;
    report.counts = answer.counts ?? create(ImportCountsSchema);
    report.counts.rejected += this.tooLarge;
    report.rejected.push(...answer.rejectedRows);
    report.revision = answer.revision || report.revision;
    while (this.inFlight[0] && lastRow(this.inFlight[0]) <= report.durableThroughRow) this.inFlight.shift();
    this.options.onProgress?.(report);
  }
}

function ended(): FolioError {
  return new FolioError("The server ended the import's stream.", Code.Unavailable);
}

function lastRow({ message }: ImportRequest): bigint {
  return message.case === 'chunk' ? message.value.firstRow + message.value.rowCount - 1n : 0n;
}

/** A stream in both directions, written to and read from step by step. */
class Stream {
  private readonly abort = new AbortController();
  private readonly answers: AsyncIterator<ImportResponse>;
  private readonly waiting: (ImportRequest | undefined)[] = [];
  private wake: () => void = () => {};

  constructor(client: ConnectClient<typeof ImportService>, signal?: AbortSignal) {
    const signals = signal ? AbortSignal.any([signal, this.abort.signal]) : this.abort.signal;
    this.answers = client.import(this.requests(), { signal: signals })[Symbol.asyncIterator]();
  }

  /** A failure is told by the next read, which also has the reason. */
  write(request: ImportRequest): void {
    this.waiting.push(request);
    this.wake();
  }

  /** The next message; undefined where the server has ended the stream. */
  async read(): Promise<ImportResponse | undefined> {
    const { value, done } = await this.answers.next();
    return done ? undefined : value;
  }

  async finish(): Promise<void> {
    this.waiting.push(undefined);
    this.wake();
    try {
      while (await this.read());
    } catch {
      // Everything is durable: how the stream ends does not matter any more.
    }
  }

  cancel(): void {
    this.waiting.push(undefined);
    this.wake();
    this.abort.abort();
  }

  private async *requests(): AsyncGenerator<ImportRequest> {
    for (;;) {
      while (this.waiting.length === 0) await new Promise<void>((resolve) => { this.wake = resolve; });
      const request = this.waiting.shift();
      if (!request) return;
      yield request;
    }
  }
}
