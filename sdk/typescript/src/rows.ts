import { clone, type DescMessage, type DescMethodUnary, type MessageShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { FolioError } from './errors.js';

interface Page {
  nextPageToken: string;
}

/**
 * The rows of a list, from its first page each time it is iterated. A page is fetched when its first row is asked for.
 * A page that cannot be had throws behind the rows before it: a list is never short without saying so.
 */
export class Rows<Row, Response extends Page> implements AsyncIterable<Row> {
  constructor(
    private readonly method: DescMethodUnary,
    private readonly fetch: (request: MessageShape<DescMessage>) => Promise<Response>,
    private readonly request: MessageShape<DescMessage> & { pageToken?: string },
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    const rows = this.method.output.fields.find((field) => field.fieldKind === 'list' && field.listKind === 'message');
    if (!rows) throw new FolioError(`${this.method.output.typeName} holds no rows.`, Code.InvalidArgument);
    for await (const page of this.pages()) {
      yield* (page as unknown as Record<string, Row[]>)[rows.localName] ?? [];
    }
  }

  /** The responses, for their other fields (totalSize, revision, asOf). */
  async *pages(): AsyncGenerator<Response> {
    const request = clone(this.method.input, this.request) as typeof this.request;
    for (;;) {
      const page = await this.fetch(request);
      if (page.nextPageToken && page.nextPageToken === request.pageToken) {
        throw new FolioError('The server repeats a page token.', Code.Internal);
      }
      yield page;
      if (!page.nextPageToken) return;
      request.pageToken = page.nextPageToken;
    }
  }
}
