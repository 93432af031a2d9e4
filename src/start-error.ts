import { ConfigError } from './config-error.ts';
import { DatabaseUnavailable, DatabaseUnusable } from './database/errors.ts';
import { StorageUnusable } from './storage/errors.ts';

export type StartError = NodeJS.ErrnoException & { address?: string; port?: number };

/** Returns one line for what the operator can fix, and a stack for a bug. */
export function explainStartError(error: StartError): string {
  if (error instanceof ConfigError) return `invalid settings: ${error.message}`;
  if (error instanceof DatabaseUnavailable) {
    return `the database at DATABASE_URL does not answer: ${(error.cause as Error).message}`;
  }
  if (error instanceof DatabaseUnusable || error instanceof StorageUnusable) return error.message;
  const { code, syscall, message, port } = error;
  if (code === 'EADDRINUSE') {
    return `port ${port} is in use; stop what listens there, or set PORT to another`;
  }
  if (isListening(syscall) && code === 'EACCES') {
    return `no permission to listen on port ${port}; set PORT to one above 1023`;
  }
  if (isListening(syscall) || syscall === 'getaddrinfo') {
    return `cannot listen: ${message}; set HOST to an address of this machine`;
  }
  if (error.name === 'SqliteError') return `the file at DATABASE_URL cannot be used: ${message}`;
  // A file or folder is missing, belongs to another user, or the like.
  if (syscall !== undefined) {
    return `${message}; set DATA_DIR, DATABASE_URL and STORAGE_URL to what this user may write`;
  }
  return error.stack ?? String(error);
}

/** Tells if a call listens; in a worker, Node calls it "bind". */
function isListening(syscall: string | undefined): boolean {
  return syscall === 'listen' || syscall === 'bind';
}
