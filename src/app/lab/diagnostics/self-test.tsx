/** The self-test: a button that holds every kernel of this network's plan against float64, and its table. */
import { useSignal } from '@preact/signals';
import type { SelfTestReport } from '../../../session/self-test/self-test';
import { messageOf } from '../../../training/errors';
import { Button } from '../../components/button';
import { DataTable } from '../../components/data-table';
import { Scientific } from '../../components/scientific';
import { count, integer } from '../../state/format';
import { PART_TITLES } from '../../state/names';
import type { Run } from '../../state/run';
import { useStore } from '../../state/store-context';

type Result = { readonly report: SelfTestReport } | { readonly problem: string };

export function SelfTest() {
  const store = useStore();
  const run = store.run.value;
  const isTesting = useSignal(false);
  const tested = useSignal<{ readonly run: Run; readonly result: Result } | undefined>(undefined);
  const reason = reasonAgainst(run);
  const test = async () => {
    if (run === undefined) return;
    isTesting.value = true;
    tested.value = { run, result: await resultOf(store.service.selfTest(run.id)) };
    isTesting.value = false;
  };
  const result = tested.value?.run === run ? tested.value?.result : undefined;
  return (
    <section aria-labelledby="self-test-heading">
      <h3 id="self-test-heading">Self-test of the kernels</h3>
      <p>
        Runs each WebGPU kernel of this network’s plan here and now, through an epoch and a
        prediction, and compares all that it writes with float64. The bound of each number follows
        from float32’s arithmetic and the numbers that went in.
      </p>
      <div class="diagnostics-buttons">
        <Button isDisabled={reason !== undefined || isTesting.value} onPress={test}>
          {isTesting.value ? 'Testing…' : 'Run the self-test'}
        </Button>
      </div>
      {reason !== undefined && <p class="source">{reason}</p>}
      <output>{result !== undefined && sentenceOf(result)}</output>
      {result !== undefined && 'report' in result && (
        <>
          <ArithmeticFindings arithmetic={result.report.arithmetic} />
          <Checks report={result.report} />
        </>
      )}
    </section>
  );
}

function reasonAgainst(run: Run | undefined): string | undefined {
  if (run === undefined) return 'It waits for the network: a backend is being opened.';
  if (run.isBusy) return 'Pause training first: the self-test would disturb the times of the run.';
  return undefined;
}

async function resultOf(promise: Promise<SelfTestReport>): Promise<Result> {
  try {
    return { report: await promise };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function sentenceOf(result: Result): string {
  if ('problem' in result) return `The self-test could not run: ${result.problem}`;
  const { kernels, adapter, title, trainSamples, testSamples } = result.report;
  const failed = kernels.filter(({ passed }) => !passed).length;
  const verdict =
    failed === 0
      ? `✓ All ${integer(kernels.length)} kernels passed`
      : `✗ ${integer(failed)} of ${count(kernels.length, 'kernel')} failed`;
  return `${verdict} on ${adapter}: plan ${title}, ${count(trainSamples, 'training sample')}, ${count(testSamples, 'test sample')}.`;
}

/** Whether the device's compiler leaves alone what the kernels do for the last digits. */
function ArithmeticFindings({ arithmetic }: Pick<SelfTestReport, 'arithmetic'>) {
  const { keepsRoundingErrors, splitsLn2 } = arithmetic;
  return (
    <>
      <p>
        {keepsRoundingErrors
          ? '✓ Sums keep their rounding error on this device.'
          : 'This device’s compiler folds away the rounding error that sums keep; long sums are a little less exact.'}
      </p>
      <p>
        {splitsLn2
          ? '✓ The exponential takes ln 2 in two parts on this device.'
          : 'This device’s compiler folds the two parts of ln 2 into one; exponentials are a little less exact.'}
      </p>
    </>
  );
}

function Checks({ report: { kernels } }: { readonly report: SelfTestReport }) {
  return (
    <>
      <p class="source">
        For each kernel the number that came closest to what is allowed; the error is |float32 −
        float64|.
      </p>
      <DataTable
        label="Self-test of each kernel"
        columns={[
          'Kernel',
          { title: 'Verdict', class: 'start' },
          'Error',
          'Allowed',
          { title: 'Quantity', class: 'start' },
          'Layer',
          { title: 'When', class: 'start' },
        ]}
        rows={kernels.map(({ kernel, part, layer, quantity, error, bound, passed }) => [
          kernel,
          <span class={passed ? 'verdict-right' : 'verdict-wrong'}>
            {passed ? '✓ passed' : '✗ failed'}
          </span>,
          Number.isFinite(error) ? <Scientific value={error} /> : 'no number',
          <Scientific value={bound} />,
          quantity,
          layer === 0 ? 'all' : layer,
          PART_TITLES[part],
        ])}
      />
    </>
  );
}
