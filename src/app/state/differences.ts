/** What sets a configuration apart, in the words of its fields. */
import { datasetOf } from '../../data/registry';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
} from '../../training/configuration/fields';
import { formatField } from '../../training/configuration/text';
import { changedKeys, courseOfSetting } from './changes';
import { choiceName } from './choice-names';

/** What differs from the notebook's settings: `Hidden layers 32,16, Learning rate 0.1`; `Notebook` where nothing does. */
export function differencesOf(configuration: Configuration): string {
  const onTheWay: readonly ConfigurationKey[] = changedKeys(configuration);
  const changed = CONFIGURATION_KEYS.filter(
    (key) =>
      key !== 'changes' &&
      (onTheWay.includes(key) || formatField(configuration[key]) !== formatField(DEFAULTS[key])),
  );
  if (changed.length === 0) return 'Notebook';
  return changed.map((key) => `${FIELDS[key].label} ${settingText(configuration, key)}`).join(', ');
}

function settingText(configuration: Configuration, key: keyof Configuration): string {
  const { classes } = configuration;
  const { classNames } = datasetOf(configuration.dataset);
  const [first, last] = [classes[0], classes[classes.length - 1]];
  // Classes in a row by their ends: ten of them are too long for a name.
  if (key === 'classes' && classes.length > 2 && last - first === classes.length - 1)
    return `${classNames[first]}–${classNames[last]}`;
  if (key === 'classes') return classes.map((index) => classNames[index]).join(',');
  const changed = changedKeys(configuration).find((each) => each === key);
  if (changed !== undefined) return courseOfSetting(configuration, changed);
  return choiceName(key, formatField(configuration[key])) || 'none';
}
