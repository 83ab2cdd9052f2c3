/** Errors on their way between page and worker: an input that is not allowed arrives as itself, with its field. */
import { type TransferHandler, transferHandlers } from 'comlink';
import { InvalidInputError } from '../../training/errors';

interface Refused {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** Comlink alone would leave only the words of it. To be called once on each side. */
export function letErrorsTravel(): void {
  // Comlink has one for whatever is thrown, under this name.
  const plain = transferHandlers.get('throw') as TransferHandler<unknown, object>;
  const handler: TransferHandler<unknown, object> = {
    canHandle: plain.canHandle,
    serialize: (thrown) => {
      const { value: error } = thrown as { readonly value: unknown };
      if (!(error instanceof InvalidInputError)) return plain.serialize(thrown);
      const { field, value, allowed } = error;
      const refused: Refused = { field, value, allowed };
      return [{ refused }, []];
    },
    deserialize: (sent) => {
      if (!('refused' in sent)) return plain.deserialize(sent);
      const { field, value, allowed } = sent.refused as Refused;
      throw new InvalidInputError(field, value, allowed);
    },
  };
  transferHandlers.set('throw', handler);
}
