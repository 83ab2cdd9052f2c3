/** Lists in a sentence. */

/** `a`, `a and b`, `a, b and c`. */
export function listOf(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts[parts.length - 1]}`;
}
