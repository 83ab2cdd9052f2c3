/** The reference against NumPy in every epoch: the fixtures of two classes. */
import { describe, expect, it } from 'vitest';
import { FIXTURE_NAMES } from '../fixtures';
import { testReference } from '../support/reference-fixture';

describe('reference: one sigmoid output', () => {
  it('has sixteen fixtures to prove itself on, with those of softmax', () => {
    expect(FIXTURE_NAMES.length).toBe(16);
  });

  testReference(
    ({ classes }) => classes.length === 2,
    // Rounding alone: the notebook's largest deviation was measured as 4.7e-15 (README).
    (names) => (names.includes('notebook') ? 1e-10 : 1e-9),
  );
});
