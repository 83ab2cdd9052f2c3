/** The reference against NumPy in every epoch: the fixtures of three classes and more. */
import { describe } from 'vitest';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';
import { testReference } from '../support/reference-fixture';

describe('reference: softmax', () => {
  for (const name of FIXTURE_NAMES.filter((name) => loadFixture(name).classes.length > 2)) {
    testReference(name, 1e-9);
  }
});
