/** A control that keeps a run from starting is unfolded, and gets the focus. */
import { useEffect } from 'preact/hooks';
import type { ConfigurationKey } from '../../../training/configuration/fields';
import { useStore } from '../../state/store-context';

/** @param id - of the control */
export function useSought(name: ConfigurationKey, id: string): void {
  const { faultyField } = useStore();
  const isSought = faultyField.value === name;
  useEffect(() => {
    if (!isSought) return;
    const control = document.getElementById(id);
    control?.closest('details')?.setAttribute('open', '');
    control?.focus();
    faultyField.value = undefined;
  }, [isSought, id, faultyField]);
}
