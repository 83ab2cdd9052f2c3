/** The reference against NumPy in every epoch: the fixtures of three classes and more. */
import { describe } from 'vitest';
import { testReference } from '../support/reference-fixture';

describe('reference: softmax', () => {
  testReference(
    ({ classes }) => classes.length > 2,
    () => 1e-9,
  );
});
