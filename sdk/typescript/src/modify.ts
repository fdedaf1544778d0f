import {
  clone, create, equals, type DescMessage, type DescMethodUnary, type DescService, type Message, type MessageShape,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { Code } from '@connectrpc/connect';
import { FolioError } from './errors.js';

const ATTEMPTS = 5;

type Call = (method: DescMethodUnary, request: Message, timeoutMs: number) => Promise<Message>;

/** Reads, changes, writes what differs, bound to what was read; again, five times at most, where somebody was first. */
export async function modifyWith<Resource extends DescMessage>(
  call: Call, services: readonly DescService[], resource: Resource, name: string,
  change: (resource: MessageShape<Resource>) => unknown, timeoutMs: number,
): Promise<MessageShape<Resource>> {
  const { get, update } = accessTo(services, resource);
  const end = performance.now() + timeoutMs;
  const left = () => Math.max(Math.round(end - performance.now()), 1);
  for (let attempt = 1; ; attempt += 1) {
    const read = await call(get, create(get.input, { name } as never), left()) as MessageShape<Resource>;
    const changed = clone(resource, read);
    await change(changed);
    const paths = changes(resource, read, changed);
    if (paths.length === 0) return read;
    const field = update.input.fields.find((candidate) => candidate.message === resource)!;
    const request = create(update.input, { [field.localName]: changed, updateMask: { paths } } as never);
    try {
      return await call(update, request, left()) as MessageShape<Resource>;
    } catch (error) {
      const late = FolioError.is(error) && error.code === Code.Aborted && error.reason === 'ETAG_MISMATCH';
      if (!late || attempt === ATTEMPTS) throw error;
    }
  }
}

function accessTo(services: readonly DescService[], resource: DescMessage) {
  for (const service of services) {
    const find = (name: string) => service.methods.find((method): method is DescMethodUnary & typeof method =>
      method.methodKind === 'unary' && method.name === name + resource.name);
    const get = find('Get');
    const update = find('Update');
    if (get && update && update.output === resource) return { get, update };
  }
  throw new FolioError(`${resource.typeName} cannot be read and updated.`, Code.InvalidArgument);
}

// The fields that differ, in the order of the contract.
function changes<Resource extends DescMessage>(
  type: Resource, before: MessageShape<Resource>, after: MessageShape<Resource>,
): string[] {
  return type.fields.filter((field) => {
    const alone = [before, after].map((message) => {
      const only = clone(type, message);
      for (const other of type.fields) if (other !== field) reflect(type, only).clear(other);
      return only;
    });
    return !equals(type, alone[0]!, alone[1]!);
  }).map((field) => field.name);
}
