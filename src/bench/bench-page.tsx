/** The benchmark's page: what to measure, how it goes, and what came of it. */
import { Button } from '../app/components/button';
import { CONTENDERS } from './contenders';
import type { PageState } from './page-state';
import { Results } from './results-view';
import { WORKLOAD_NAMES, WORKLOADS } from './workloads';

const LENGTHS = [
  {
    isQuick: true,
    title: 'quick',
    help: 'Five short rounds, fewer sizes: about five minutes.',
  },
  {
    isQuick: false,
    title: 'full',
    help: 'Fifteen rounds, all sizes: up to twenty minutes. Leave the machine alone.',
  },
] as const;

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
              {name} <small>{WORKLOADS[name]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="field">
        <legend class="field-label">Length</legend>
        {LENGTHS.map(({ isQuick, title, help }) => (
          <label key={title} class="bench-choice">
            <input
              type="radio"
              name="length"
              checked={state.quick.value === isQuick}
              disabled={isRunning}
              onChange={() => {
                state.quick.value = isQuick;
              }}
            />
            <span>
              {title} <small>{help}</small>
            </span>
          </label>
        ))}
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
        {Object.entries(CONTENDERS).map(([name, description]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
