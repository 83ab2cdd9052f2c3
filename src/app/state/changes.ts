/** What has changed in a run on the way, in words for charts, tables and screen readers. */
import {
  CHANGEABLE_KEYS,
  type ChangeableKey,
  changesOf,
} from '../../training/configuration/changes';
import { type Configuration, FIELDS } from '../../training/configuration/fields';
import { integer } from './format';

/** The changes of one epoch. */
export interface ChangeMark {
  /** The first epoch that has them, from 1. */
  readonly epoch: number;
  /** `learning rate 0.1, dropout 0.2`. */
  readonly text: string;
}

/** Where settings changed, in the order of the epochs. */
export function changeMarks(configuration: Configuration): readonly ChangeMark[] {
  const changes = changesOf(configuration);
  return [...new Set(changes.map(({ epoch }) => epoch))].map((epoch) => ({
    epoch,
    text: changes
      .filter((change) => change.epoch === epoch)
      .map(({ key, value }) => `${nameOf(key)} ${value}`)
      .join(', '),
  }));
}

/** The same as sentences, each with a space before it; empty where nothing changed. */
export function changeSentences(configuration: Configuration): string {
  return changeMarks(configuration)
    .map(({ epoch, text }) => ` From epoch ${integer(epoch)}: ${text}.`)
    .join('');
}

/** A setting over the whole run: `0.5, from epoch 401 0.1`. */
export function courseOfSetting(configuration: Configuration, key: ChangeableKey): string {
  const later = changesOf(configuration).filter((change) => change.key === key);
  return [
    String(configuration[key]),
    ...later.map(({ epoch, value }) => `from epoch ${integer(epoch)} ${value}`),
  ].join(', ');
}

/** Those settings that have changed on the way. */
export function changedKeys(configuration: Configuration): readonly ChangeableKey[] {
  const changes = changesOf(configuration);
  return CHANGEABLE_KEYS.filter((key) => changes.some((change) => change.key === key));
}

function nameOf(key: ChangeableKey): string {
  return FIELDS[key].label.toLowerCase();
}
