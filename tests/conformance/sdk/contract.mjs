// The contract's messages, to and from JSON, by descriptors: nothing here knows a service by name.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

// Reads every .proto file of the project through protoc.
export function loadContract(protoFolder) {
  const folder = mkdtempSync(join(tmpdir(), 'folio-contract-'));
  try {
    const output = join(folder, 'contract.binpb');
    const files = readdirSync(join(protoFolder, 'folio/v1')).map((name) => `folio/v1/${name}`);
    execFileSync('protoc', [`-I${protoFolder}`, '--include_imports', `--descriptor_set_out=${output}`, ...files,
      'google/rpc/error_details.proto', 'google/rpc/status.proto']);
    return new Contract(createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(output))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class Contract {
  constructor(types) {
    this.types = types;
  }

  // The method of a path, "/folio.v1.AccountService/GetAccount", or of a short name, "AccountService.GetAccount".
  method(name) {
    const [service, method] = name.replace(/^\//, '').split(/[/.](?=[^/.]*$)/);
    const full = service.includes('.') ? service : `folio.v1.${service}`;
    const found = this.types.getService(full)?.methods.find((candidate) => candidate.name === method);
    if (!found) throw new Error(`the contract has no method ${name}`);
    return found;
  }

  decode(message, bytes) {
    return toJson(message, fromBinary(message, bytes), { registry: this.types });
  }

  encode(message, json) {
    return toBinary(message, fromJson(message, json, { registry: this.types }));
  }

  // An error as a Folio server sends it: the bytes of google.rpc.Status. `error` is as vectors write it.
  encodeError(code, error) {
    const details = [];
    const add = (type, fields) => details.push({ '@type': `type.googleapis.com/google.rpc.${type}`, ...fields });
    if (error.reason) add('ErrorInfo', { reason: error.reason, domain: 'folio', metadata: error.metadata ?? {} });
    if (error.fields) add('BadRequest', { fieldViolations: error.fields.map(violationOf) });
    if (error.retry_ms !== undefined) add('RetryInfo', { retryDelay: `${error.retry_ms / 1000}s` });
    if (error.localized) add('LocalizedMessage', { locale: 'fr', message: error.localized });
    const status = this.types.getMessage('google.rpc.Status');
    return this.encode(status, { code, message: error.message ?? '', details });
  }
}

function violationOf({ field, reason, description, localized }) {
  const violation = { field, reason, description };
  if (localized) violation.localizedMessage = { locale: 'fr', message: localized };
  return violation;
}
