/** One step from all sides: what it does, its formula, NumPy's line, its WGSL and the reference's text. */
import { outputOf } from '../../../../model/network-spec';
import { Formula } from '../../../components/formula';
import { ScrollRegion } from '../../../components/scroll-region';
import { Staged } from '../../../components/staged';
import { WgslCode } from '../../../components/wgsl-code';
import type { Lesson } from '../../../worker/lesson';
import type { ShownStep } from './plan-parts';
import { referenceSource } from './reference-source';
import { formulasOf } from './step-formula';

interface Props {
  readonly step: ShownStep;
  readonly lesson: Lesson;
}

export function StepDetail({ step: { description }, lesson }: Props) {
  const { kernel, summary, numpy, shape, layer, wgsl, workgroups } = description;
  const output = outputOf(lesson.shape.spec);
  const formulas = formulasOf(description.formulas, lesson.configuration, output);
  const reference = referenceSource(description.reference);
  const sizes = Object.entries(shape).filter(([, value]) => typeof value !== 'object');
  return (
    <section class="step-detail" aria-labelledby="step-detail-heading">
      <h2 id="step-detail-heading">
        {kernel}
        <span class="step-where">{layer === 0 ? 'the whole network' : `layer ${layer}`}</span>
      </h2>
      <p>{summary}.</p>
      <div class="step-sides">
        <div>
          {formulas.length > 0 && (
            <>
              <h3>Formula</h3>
              <Formula label={`Formula of ${kernel}`} formulas={formulas} />
            </>
          )}
          <h3>NumPy</h3>
          <Code label={`NumPy of ${kernel}`} text={numpy} />
          <h3>Shape</h3>
          <dl class="step-shape">
            <div>
              <dt>workgroups</dt>
              <dd>{workgroups.join(' × ')}</dd>
            </div>
            {sizes.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
        <div>
          <Staged after={1}>
            <div>
              <h3>WGSL</h3>
              <WgslCode source={wgsl} label={`WGSL of ${kernel}`} startLine={entryLine(wgsl)} />
            </div>
            <div>
              <h3>The reference, float64</h3>
              {reference === undefined ? (
                <p class="source">The reference needs no such step.</p>
              ) : (
                <Code label={`The reference for ${kernel}`} text={reference} />
              )}
            </div>
          </Staged>
        </div>
      </div>
    </section>
  );
}

function Code({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <ScrollRegion class="code" label={label}>
      <pre>
        <code>{text}</code>
      </pre>
    </ScrollRegion>
  );
}

/** Where the kernel begins, behind its bindings and helpers. */
function entryLine(wgsl: string): number {
  return wgsl.split('\n').findIndex((line) => line.includes('@compute'));
}
