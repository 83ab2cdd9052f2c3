/** What is wrong with a list that is refused, where saying all that is allowed would take many lines. */
import { parsePoints, pointUsage } from '../../data/added-points';
import { layerUsage, parseLayers } from '../../layers/layer';
import { changeUsage, parseChanges } from './changes';
import { type ConfigurationKey, FIELDS, type Field } from './fields';

/** What an entry is called, what reads a list of them, and how one is written that is none. */
interface List {
  readonly title: string;
  parse(text: string): readonly unknown[] | undefined;
  usage(wrong: string): string;
}

const LISTS: Readonly<Record<string, List>> = {
  layers: { title: 'layer', parse: parseLayers, usage: layerUsage },
  points: { title: 'point', parse: parsePoints, usage: pointUsage },
  changes: { title: 'change', parse: parseChanges, usage: changeUsage },
};

/**
 * The first entry of a list that is none, with what belongs there; undefined where the field is no list, or
 * its entries are not what is wrong.
 */
export function listProblem(key: ConfigurationKey, text: string): string | undefined {
  const field: Field = FIELDS[key];
  if (!('mostCount' in field) || !Object.hasOwn(LISTS, field.kind)) return undefined;
  const { title, parse, usage } = LISTS[field.kind];
  const entries = text.split(';').map((entry) => entry.trim());
  const place = entries.findIndex((entry) => entry === '' || parse(entry) === undefined);
  if (place < 0) {
    return entries.length > field.mostCount
      ? `use up to ${field.mostCount} ${title}s`
      : 'no setting changes twice in one epoch';
  }
  const entry = entries[place];
  const where = entries.length > 1 ? `${title} ${place + 1}, “${entry.slice(0, 40)}”: ` : '';
  return `${where}write ${usage(entry)}`;
}
