import { Code, ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema, ErrorInfoSchema, LocalizedMessageSchema, RetryInfoSchema,
} from './gen/google/rpc/error_details_pb.js';

/** One field at fault. */
export interface FieldViolation {
  /** Path in the request, for example "account.display_name". */
  readonly field: string;
  /** Upper-case word of the documented list; may be empty. */
  readonly reason: string;
  /** In the caller's language where the server has it. */
  readonly description: string;
}

/** A call that failed. Programs decide by `code` and `reason`. */
export class FolioError extends Error {
  override readonly name = 'FolioError';
  /** "ETAG_MISMATCH"; empty where no Folio server said it. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fields: readonly FieldViolation[];
  /** How long to wait, in milliseconds, where waiting helps. */
  readonly retryAfterMs: number | undefined;
  /** Names the call in the server's log. */
  readonly requestId: string;

  constructor(message: string, readonly code: Code, details: Partial<FolioError> = {}) {
    super(message, { cause: details.cause });
    this.reason = details.reason ?? '';
    this.metadata = details.metadata ?? {};
    this.fields = details.fields ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId ?? '';
  }

  /** Everything, a line each, as in every other language. */
  override toString(): string {
    const reason = this.reason ? ` (${this.reason})` : '';
    const fields = this.fields.map(({ field, description }) => `\n  ${field}: ${description}`).join('');
    const id = this.requestId ? `\n  request id ${this.requestId}` : '';
    return `${Code[this.code]}: ${this.message}${reason}${fields}${id}`;
  }

  /** Also where two copies of the package meet. */
  static is(value: unknown): value is FolioError {
    return value instanceof Error && value.name === 'FolioError';
  }
}

// What Node says where a connection is lost: the call may be tried again, as with every other client.
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH',
  'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_HTTP2_INVALID_STREAM', 'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_INVALID_SESSION', 'ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_GOAWAY_SESSION']);

/** The typed error of whatever a call threw, with every detail that the server sent. */
export function typed(reason: unknown): FolioError {
  if (FolioError.is(reason)) return reason;
  const error = ConnectError.from(reason);
  const [info] = error.findDetails(ErrorInfoSchema);
  const [bad] = error.findDetails(BadRequestSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const [localized] = error.findDetails(LocalizedMessageSchema);
  const delay = retry?.retryDelay;
  return new FolioError(localized?.message || error.rawMessage, codeOf(error), {
    reason: info?.reason,
    metadata: info?.metadata,
    fields: bad?.fieldViolations.map((violation) => ({
      field: violation.field,
      reason: violation.reason,
      description: violation.localizedMessage?.message || violation.description,
    })),
    retryAfterMs: delay && Number(delay.seconds) * 1000 + Math.round(delay.nanos / 1e6),
    requestId: error.metadata.get('x-request-id') ?? '',
    cause: error,
  });
}

function codeOf(error: ConnectError): Code {
  if (error.metadata.has('grpc-status')) return error.code;
  // So Node tells streams that their connection is gone. Who cancels a call reads other words.
  if (error.code === Code.Canceled && error.rawMessage.startsWith('http/2 stream closed')) return Code.Unavailable;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (LOST.has(code) || code.startsWith('ERR_SSL_') || code.includes('CERT')) return Code.Unavailable;
  }
  return error.code;
}
