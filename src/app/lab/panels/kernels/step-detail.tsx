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

export function StepDetail({
  step,
  lesson,
}: {
  readonly step: ShownStep;
  readonly lesson: Lesson;
}) {
  const {
    kernel,
    summary,
    numpy,
    formulas: names,
    shape,
    layer,
    wgsl,
    workgroups,
  } = step.description;
  const output = outputOf(lesson.shape.spec);
  const formulas = formulasOf(names, lesson.configuration.optimizer, output);
  const reference = referenceSource(step.description.reference);
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
          <ScrollRegion class="code" label={`NumPy of ${kernel}`}>
            <pre>
              <code>{numpy}</code>
            </pre>
          </ScrollRegion>
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
              <WgslCode source={wgsl} label={`WGSL of ${kernel}`} startAt="@compute" />
            </div>
            <div>
              <h3>The reference, float64</h3>
              {reference === undefined ? (
                <p class="source">The reference needs no such step.</p>
              ) : (
                <ScrollRegion class="code" label={`The reference for ${kernel}`}>
                  <pre>
                    <code>{reference}</code>
                  </pre>
                </ScrollRegion>
              )}
            </div>
          </Staged>
        </div>
      </div>
    </section>
  );
}
