/** What the stage says: the names of layers and units, and the whole network in a sentence. */

import { classNoun, type Dataset, featureNoun, featuresOf, hasImages } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { formatShape, type PlacedLayer } from '../../layers/layer';
import { layersOf, type NetworkSpec, outputOf, widthsOf } from '../../model/network-spec';
import type { Configuration } from '../../training/configuration/fields';
import { networkOf } from '../../training/network-of';
import { count, integer } from '../state/format';
import type { UnitName } from '../worker/stage-view';

/** Of a name beside its node. */
const MOST_LETTERS = 9;

/** What a layer's units are: `sigmoid`, `softmax`; its kind where it has no activation. */
function kindOfUnits({ layer, isOutput }: PlacedLayer, spec: NetworkSpec): string {
  if (isOutput) return outputOf(spec);
  return (layer.activation === 'identity' ? layer.kind : layer.activation).replaceAll('_', ' ');
}

/** Under the sample: `8 × 8 pixels`, `13 features`; without the noun where there is little room. */
export function inputCaption(dataset: Dataset, isNarrow: boolean): string {
  const { width, height } = dataset.input;
  const size = hasImages(dataset) ? `${width} × ${height}` : integer(featuresOf(dataset));
  return isNarrow ? size : `${size} ${featureNoun(dataset)}s`;
}

/** A class's name where there is little room. */
export function shortClassName(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}

/** Names without what all of them begin with: `0` and `1` of `class_0` and `class_1`. */
export function namesApart(names: readonly string[]): readonly string[] {
  const [first = ''] = names;
  let same = 0;
  while (same < first.length && names.every((name) => name[same] === first[same])) same++;
  // Not in the middle of a word.
  const from = Math.max(...['_', '-', ' '].map((sign) => first.lastIndexOf(sign, same - 1))) + 1;
  return same === 0 ? names : names.map((name) => name.slice(from));
}

/** Under a column: `16 sigmoid`, `48 of 512 relu`, `6 of 16 maps`; `16`, `48 of 512` and `28×28` where there is little room. */
export function columnCaption(
  place: PlacedLayer,
  spec: NetworkSpec,
  shown: number,
  isNarrow: boolean,
): string {
  const isImage = place.output.length > 1;
  if (isImage && isNarrow) return place.output.slice(1).join('×');
  const all = isImage ? place.output[0] : place.outputs;
  const units = shown < all ? `${integer(shown)} of ${integer(all)}` : integer(all);
  if (isImage) return `${units} maps`;
  return isNarrow ? units : `${units} ${kindOfUnits(place, spec)}`;
}

/** `Unit 3 of layer 1`, `Unit 1 of the output`. */
export function unitTitle({ layer, unit }: UnitName, layers: number): string {
  return `Unit ${unit + 1} of ${layer === layers ? 'the output' : `layer ${layer}`}`;
}

/** `The network: 64 inputs, 16 sigmoid units, 8 sigmoid units and 1 sigmoid output.` */
export function networkSentence(spec: NetworkSpec): string {
  const [inputs] = widthsOf(spec);
  const parts = layersOf(spec).map((place) => {
    const kind = kindOfUnits(place, spec);
    // An image's values are many, and lie in maps.
    if (place.output.length > 1) return `${formatShape(place.output)} ${kind} values`;
    return count(place.outputs, `${kind} ${place.isOutput ? 'output' : 'unit'}`);
  });
  const last = parts.pop();
  return `The network: ${[count(inputs, 'input'), ...parts].join(', ')} and ${last}.`;
}

/** What a run trains: `Digits 0 and 1: 64 → 16 → 8 → 1`, `Spiral: 2 → 16 → 8 → 1`. */
export function runTitle(configuration: Configuration): string {
  const dataset = datasetOf(configuration.dataset);
  const names = configuration.classes.map((index) => dataset.classNames[index]);
  const isWhole = names.length === dataset.classNames.length;
  const widths = widthsOf(networkOf(configuration)).map(integer);
  const last = names.pop();
  const listed = `${names.join(', ')} and ${last}`;
  const title = isWhole ? dataset.title : `${dataset.title} (${listed})`;
  const what = classNoun(dataset) === 'digit' ? `Digits ${listed}` : title;
  return `${what}: ${widths.join(' → ')}`;
}
