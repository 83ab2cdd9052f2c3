/** Part 3: the layers and their parameters, as Keras summarizes them. */
import { ScrollRegion } from '../components/scroll-region';
import { integer } from '../state/format';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function ArchitecturePart({ lesson }: { readonly lesson: Lesson }) {
  const { summary, configuration, features, firstPass } = lesson;
  const widths = [features, ...firstPass.widths];
  return (
    <Part id="architecture">
      <p>
        A multilayer perceptron, {widths.join(' → ')}: every unit of a layer sees every value of the
        layer before it. A layer with n inputs and k units has n × k weights and k biases.
      </p>
      <ScrollRegion label="Model summary">
        <table class="data-table">
          <caption>Model summary; None stands for any number of samples.</caption>
          <thead>
            <tr>
              <th scope="col">Layer (type)</th>
              <th scope="col" class="start">
                Output Shape
              </th>
              <th scope="col">Param #</th>
            </tr>
          </thead>
          <tbody>
            {summary.rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td class="start">{row.outputShape}</td>
                <td>{integer(row.parameters)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                Total params
              </th>
              <td>{integer(summary.total)}</td>
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
      <p>
        The weights start as {initializerOf(configuration)}, from NumPy’s generator with the seed{' '}
        {configuration.seed}; the biases start at zero.
      </p>
    </Part>
  );
}

function initializerOf({ init, initScale }: Lesson['configuration']): string {
  return init === 'normal' ? `normal draws times ${initScale}` : `draws of the initializer ${init}`;
}
