// A Folio server that does what a vector's script says, and notes what it is asked. gRPC by hand over Node's HTTP/2, so
// that it can do what no gRPC library lets a server do: fall silent, end a stream in its midst, drop a connection.
//
// A script gives each method a list of replies; attempt n gets reply n, and the last reply serves all that follow:
//   {"answer": {...}}            the response
//   {"error": {...}}             a status: code, message, reason, metadata, fields, retry_ms, pushback_ms, localized
//   {"silence": true}            no answer at all
//   {"drop": true}               the connection is cut before any answer
//   {"messages": [...], "then": "end" | "silence" | "drop" | {"error": {...}}}   a stream
//   {"import": {"drop_after": n, "reject": {...}}}   an import that acknowledges rows (see imports.mjs)
import { createServer } from 'node:http2';
import { CODES } from './codes.mjs';
import { Imports } from './imports.mjs';

const REQUEST_ID = 'request-of-the-fault-server';

export class FaultServer {
  constructor(contract) {
    this.contract = contract;
    this.sessions = new Set();
    this.server = createServer();
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => {});
    });
    this.server.on('stream', (stream, headers) => this.serve(stream, headers));
    this.play({});
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${this.server.address().port}`;
  }

  // Begins a new script; what was asked before is forgotten.
  play(script) {
    this.script = script;
    this.calls = [];
    this.imports = new Imports();
  }

  close() {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }

  serve(stream, headers) {
    stream.on('error', () => {});
    const path = headers[':path'];
    const name = path.replace('/folio.v1.', '').replace('/', '.');
    const call = { method: name, at: performance.now(), metadata: metadataOf(headers), requests: [] };
    this.calls.push(call);
    const replies = this.script[name];
    const attempt = this.calls.filter((other) => other.method === name).length;
    const reply = replies?.[Math.min(attempt, replies.length) - 1] ??
      { error: { code: 'UNIMPLEMENTED', message: `the script says nothing about ${name}` } };
    const method = this.contract.method(path);
    const exchange = new Exchange(this.contract, method, stream);
    const connection = reply.import && this.imports.connect(reply.import, exchange);
    readMessages(stream, (bytes) => {
      const request = this.contract.decode(method.input, bytes);
      call.requests.push(request);
      if (connection) connection.take(request);
      else exchange.perform(reply);
    }, () => connection?.end());
  }
}

// One call being answered.
export class Exchange {
  constructor(contract, method, stream) {
    Object.assign(this, { contract, method, stream });
  }

  perform(reply) {
    if (reply.answer) {
      this.send(reply.answer);
      this.finish(0);
    } else if (reply.messages) {
      for (const message of reply.messages) this.send(message);
      this.conclude(reply.then ?? 'end');
    } else if (reply.error) {
      this.fail(reply.error);
    } else {
      this.conclude(reply.drop ? 'drop' : 'silence');
    }
  }

  conclude(then) {
    if (then === 'end') this.finish(0);
    else if (then === 'drop') this.drop();
    else if (then.error) this.fail(then.error);
  }

  send(json) {
    if (this.stream.destroyed) return;
    this.open();
    const bytes = this.contract.encode(this.method.output, json);
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(bytes.length, 1);
    this.stream.write(Buffer.concat([frame, bytes]));
  }

  open() {
    if (this.stream.headersSent) return;
    this.stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    this.stream.on('wantTrailers', () => this.stream.sendTrailers(this.trailers));
  }

  finish(code, trailers = {}) {
    if (this.stream.destroyed || this.trailers) return;
    this.trailers = { 'grpc-status': String(code), 'x-request-id': REQUEST_ID, ...trailers };
    // A failure before any message is one block of headers, as gRPC's servers send it.
    if (!this.stream.headersSent) {
      const headers = { ':status': 200, 'content-type': 'application/grpc', ...this.trailers };
      this.stream.respond(headers, { endStream: true });
    } else {
      this.stream.end();
    }
  }

  fail(error) {
    const code = CODES.indexOf(error.code);
    const details = Buffer.from(this.contract.encodeError(code, error)).toString('base64').replace(/=+$/, '');
    const trailers = { 'grpc-message': encodeURIComponent(error.message ?? ''), 'grpc-status-details-bin': details };
    if (error.pushback_ms !== undefined) trailers['grpc-retry-pushback-ms'] = String(error.pushback_ms);
    this.finish(code, trailers);
  }

  // Cuts the connection once the client has what was written: the answer to a ping comes after it.
  drop() {
    const { session } = this.stream;
    session?.ping(() => session.destroy());
  }
}

function metadataOf(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
}

// Takes gRPC's frames off a stream: a byte of flags, four of length, the message.
function readMessages(stream, take, end) {
  let pending = Buffer.alloc(0);
  stream.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
      const length = pending.readUInt32BE(1);
      take(pending.subarray(5, 5 + length));
      pending = pending.subarray(5 + length);
    }
  });
  stream.on('end', end);
}
