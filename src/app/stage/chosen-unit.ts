/** Which unit is looked at: the one under the pointer, else the one that was chosen. */
import { computed, signal } from '@preact/signals';
import type { UnitName } from '../worker/stage-view';

export const pointedUnit = signal<UnitName | undefined>(undefined);
export const chosenUnit = signal<UnitName | undefined>(undefined);

export const lookedAtUnit = computed(() => pointedUnit.value ?? chosenUnit.value);
