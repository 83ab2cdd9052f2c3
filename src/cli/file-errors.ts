/** Why a file that a flag names cannot be had, in words. */

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** True of what the system says about a file, which has a code. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Why a file cannot be read: `there is no such file`. */
export function whyNotRead(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'there is no such file' : reasonOf(error);
}

/** Why a file cannot be written: `there is no such folder`. */
export function whyNotWritten(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'there is no such folder' : reasonOf(error);
}

function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? message;
}
