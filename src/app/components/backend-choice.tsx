/** Which backend trains. */
import { BACKEND_NAMES } from '../../training/backend';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import { Segments } from './segments';

export function BackendChoice() {
  const store = useStore();
  return (
    <fieldset class="field">
      <legend class="field-label">Backend</legend>
      <div class="segments">
        <Segments
          name="backend"
          choices={BACKEND_NAMES}
          titleOf={backendTitle}
          chosen={store.backend.value}
          onChoose={(name) => store.select(name)}
        />
      </div>
      <span class="field-help">
        WGSL kernels in float32, WebAssembly SIMD in float32 on the CPU, or plain float64 loops.
      </span>
    </fieldset>
  );
}
