/** The benchmark's page: what to measure, how it goes, and what came of it. */
import { Button } from '../app/components/button';
import { CONTENDER_NAMES, DESCRIPTIONS } from '../comparison/contender';
import type { PageState } from './page-state';
import { Results } from './results-view';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads';

const WORKLOAD_HELP = {
  notebook: 'The notebook’s network, 64→16→8→1, one epoch of 288 samples.',
  digits: 'Ten digits, 64→64→32→10, one epoch in batches of 64 with Adam.',
  image: '784→512→256→10, one step on a batch of 256.',
  sweep: 'WebGPU against the CPU at growing widths and batches.',
  growth: 'The time of an epoch with growing samples, width and depth.',
} as const satisfies Record<WorkloadName, string>;

export function BenchPage({ state }: { readonly state: PageState }) {
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href="./index.html">
            Shaderprop
          </a>
        </div>
      </header>
      <main class="bench" id="main" tabIndex={-1}>
        <h1>Benchmark</h1>
        <p>
          The same training in this browser by Shaderprop’s backends, by TensorFlow.js and by
          jax-js. Each is checked against the float64 reference before its time counts; then all of
          them take turns, round after round.
        </p>
        <Setup state={state} />
        <Progress state={state} />
        <Results state={state} />
        <Contenders />
      </main>
    </>
  );
}

function Setup({ state }: { readonly state: PageState }) {
  const isRunning = state.phase.value === 'running';
  return (
    <form class="bench-setup" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="field">
        <legend class="field-label">Workloads</legend>
        {WORKLOAD_NAMES.map((name) => (
          <label key={name} class="bench-choice">
            <input
              type="checkbox"
              checked={state.chosen.value.has(name)}
              disabled={isRunning}
              onChange={(event) => state.choose(name, event.currentTarget.checked)}
            />
            <span>
              {name} <small>{WORKLOAD_HELP[name]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="field">
        <legend class="field-label">Length</legend>
        <label class="bench-choice">
          <input
            type="radio"
            name="length"
            checked={state.quick.value}
            disabled={isRunning}
            onChange={() => {
              state.quick.value = true;
            }}
          />
          <span>
            quick <small>Five short rounds, fewer sizes: about three minutes.</small>
          </span>
        </label>
        <label class="bench-choice">
          <input
            type="radio"
            name="length"
            checked={!state.quick.value}
            disabled={isRunning}
            onChange={() => {
              state.quick.value = false;
            }}
          />
          <span>
            full{' '}
            <small>Fifteen rounds, all sizes: up to ten minutes. Leave the machine alone.</small>
          </span>
        </label>
      </fieldset>
      <div class="bench-buttons">
        <Button isPrimary isDisabled={!state.canStart.value} onPress={() => void state.start()}>
          Run the benchmark
        </Button>
        <Button isDisabled={!isRunning} onPress={() => state.cancel()}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Progress({ state }: { readonly state: PageState }) {
  const isRunning = state.phase.value === 'running';
  return (
    <div class="bench-progress">
      <progress aria-label="Measuring" hidden={!isRunning} />
      <output aria-live={isRunning ? 'off' : 'polite'}>{state.message.value}</output>
    </div>
  );
}

function Contenders() {
  return (
    <section class="bench-contenders">
      <h2>Who takes part</h2>
      <dl>
        {CONTENDER_NAMES.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{DESCRIPTIONS[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
