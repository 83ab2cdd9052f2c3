/** Which backend trains. */
import { BACKEND_NAMES } from '../../training/backend';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';

export function BackendChoice() {
  const store = useStore();
  return (
    <fieldset class="field">
      <legend class="field-label">Backend</legend>
      <div class="segments">
        {BACKEND_NAMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="backend"
              value={name}
              checked={store.backend.value === name}
              onChange={() => store.select(name)}
            />
            <span>{backendTitle(name)}</span>
          </label>
        ))}
      </div>
      <span class="field-help">
        WGSL kernels in float32, WebAssembly SIMD in float32 on the CPU, or plain float64 loops.
      </span>
    </fieldset>
  );
}
