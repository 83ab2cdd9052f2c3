/** The control of a setting that is a number: its label, its value, what it does, and what is wrong with it. */
import { FIELD_HELP } from '../../training/configuration/field-help';
import { type ConfigurationKey, FIELDS } from '../../training/configuration/fields';
import { useStore } from '../state/store-context';

export function Setting({ name }: { readonly name: ConfigurationKey }) {
  const store = useStore();
  const field = FIELDS[name];
  const problem = store.settings.problems.value[name];
  const id = `setting-${name}`;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {field.label}
      </label>
      <input
        id={id}
        type="text"
        inputMode={field.kind === 'integer' ? 'numeric' : 'decimal'}
        autocomplete="off"
        spellcheck={false}
        value={store.settings.textOf(name)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          store.settings.edit(name, event.currentTarget.value);
          store.settingsChanged();
        }}
      />
      <span id={`${id}-help`} class={problem === undefined ? 'field-help' : 'field-problem'}>
        {problem ?? FIELD_HELP[name]}
      </span>
    </div>
  );
}
