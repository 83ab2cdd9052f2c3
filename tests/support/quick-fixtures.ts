/** Which fixtures are trained where there is little time. */
import { inject } from 'vitest';

/** They differ from another one in a rate, a width, a scale, a length or the number of classes, and in nothing that is computed otherwise. */
const REPEATS: readonly string[] = [
  'challenge-1-lr-0.1',
  'challenge-1-lr-0.3',
  'challenge-1-lr-0.7',
  'challenge-1-lr-1.0',
  'challenge-2-epochs-2000',
  'challenge-3-hidden-20-10',
  'challenge-3-hidden-32-16',
  'challenge-5-init-0.1',
  'challenge-8-digits-012',
];

/** All of `names`, or without those that repeat another one. */
export function trainedOf(names: readonly string[]): readonly string[] {
  return inject('thorough') ? names : names.filter((name) => !REPEATS.includes(name));
}
