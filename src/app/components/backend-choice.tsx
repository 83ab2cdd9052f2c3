/** Which backend trains. */
import type { BackendName } from '../../training/backend';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';

const OFFERED = ['webgpu', 'reference'] as const satisfies readonly BackendName[];

export function BackendChoice() {
  const store = useStore();
  return (
    <fieldset class="field">
      <legend class="field-label">Backend</legend>
      <div class="segments">
        {OFFERED.map((name) => (
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
      <span class="field-help">WGSL kernels in float32, or plain float64 loops on the CPU.</span>
    </fieldset>
  );
}
