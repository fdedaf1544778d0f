export { create, fromJson, toJson } from '@bufbuild/protobuf';
export { Code } from '@connectrpc/connect';
export { connect, newClient, type Client, type ExportOptions, type WatchOptions } from './client.js';
export { FolioError, type FieldViolation } from './errors.js';
export { Importer, type ImportOptions, type ImportReport } from './importer.js';
export { loadOptions, profilePath, DEFAULTS, VERSION, type Given, type Options, type Overrides } from './options.js';
export { Rows } from './rows.js';
export * from './gen/index.js';
