/** Part 3: the layers and their parameters, as Keras summarizes them. */
import { aboutKinds, formatShape } from '../../layers/layer';
import { layersOf } from '../../model/network-spec';
import { DataTable } from '../components/data-table';
import { choiceName } from '../state/choice-names';
import { integer } from '../state/format';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function ArchitecturePart({ lesson }: { readonly lesson: Lesson }) {
  const { summary, configuration, features, firstPass } = lesson;
  const widths = [features, ...firstPass.widths];
  const { spec } = lesson.shape;
  const { layers } = spec;
  const shapes = [spec.input, ...layersOf(spec).map(({ output }) => output)];
  return (
    <Part id="architecture">
      {layers.every(({ kind }) => kind === 'dense') ? (
        <p>
          A multilayer perceptron, {widths.join(' → ')}: every unit of a layer sees every value of
          the layer before it. A layer with n inputs and k units has n × k weights and k biases.
        </p>
      ) : (
        <p>
          A network of {integer(layers.length)} layers, {shapes.map(formatShape).join(' → ')}.{' '}
          {aboutKinds(layers).join(' ')}
        </p>
      )}
      <DataTable
        label="Model summary"
        caption="Model summary; None stands for any number of samples."
        columns={['Layer (type)', { title: 'Output Shape', class: 'start' }, 'Param #']}
        rows={summary.rows.map((row) => [row.name, row.outputShape, integer(row.parameters)])}
        total={['Total params', integer(summary.total)]}
      />
      <p>
        The weights start as {initializerOf(configuration)}, from NumPy’s generator with the seed{' '}
        {configuration.seed}; the biases start at zero.
      </p>
    </Part>
  );
}

function initializerOf({ init, initScale }: Lesson['configuration']): string {
  return init === 'normal'
    ? `normal draws times ${initScale}`
    : `draws of the initializer ${choiceName('init', init)}`;
}
