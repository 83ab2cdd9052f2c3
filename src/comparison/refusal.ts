/** Why a contender has no time, in words that say whose doing it is. */

/** A refusal in words already, as it comes out of a contender's worker. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/**
 * `declined: …` where a contender does not do this problem, `unavailable: …` where this browser lacks
 * what it needs, `failed: …` for everything else.
 */
export function refusalOf(error: unknown): string {
  if (!(error instanceof Error)) return `failed: ${oneLine(String(error))}`;
  // By name, since some errors have crossed from a worker and lost their class.
  if (error.name === 'RefusedError') return error.message;
  const isUnsupported = 'reason' in error && error.reason === 'unsupported';
  if (error.name === 'InvalidInputError' || isUnsupported) {
    return `declined: ${oneLine(error.message)}`;
  }
  const kind = error.name === 'BackendUnavailableError' ? 'unavailable' : 'failed';
  return `${kind}: ${oneLine(error.message)}`;
}

function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
