/** What stands for a unit and can be chosen, and its activation as a bar. */

import type { ComponentChildren } from 'preact';
import type { PlacedLayer } from '../../../../layers/layer';
import type { UnitParameters } from '../../../../model/unit-parameters';
import { exactNumber, fixedNumber } from './scale';

export interface UnitView extends UnitParameters {
  /** Counted from 0; shown from 1. */
  readonly unit: number;
  readonly activation: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

interface Props {
  readonly view: UnitView;
  readonly layer: PlacedLayer;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** A radio button: a layer is one stop of the tab key, and arrow keys go from unit to unit. */
export function UnitLabel({ view, layer, class: name, children }: Props) {
  const bias = view.bias === undefined ? '' : `, bias ${exactNumber(view.bias)}`;
  const place = layer.isOutput ? 'the output' : `layer ${layer.index}`;
  return (
    <label class={name}>
      <input
        type="radio"
        name={`unit-of-layer-${layer.index}`}
        checked={view.isChosen}
        onChange={view.onChoose}
        aria-label={`Unit ${view.unit + 1} of ${place}, activation ${exactNumber(view.activation)}${bias}`}
      />
      {children}
    </label>
  );
}

/** @param limit - the magnitude that fills the bar */
export function Activation({ value, limit }: { readonly value: number; readonly limit: number }) {
  return (
    <span class="activation">
      <span class="activation-track">
        <span
          class={value < 0 ? 'activation-fill is-negative' : 'activation-fill'}
          style={{ '--share': Math.min(1, Math.abs(value) / limit) }}
        />
      </span>
      <span class="activation-number">{fixedNumber(value)}</span>
    </span>
  );
}
