/** What the page tells its user: notices that stay until they are dealt with, and what the live region says. */
import { type Signal, signal } from '@preact/signals';
import type { Finding } from '../../session/self-test/spot-check';
import type { Changed, Moved } from '../worker/training-service';
import { changeMarks } from './changes';
import { integer } from './format';
import { backendTitle } from './names';
import type { Run } from './run';

/** Something that the user should know until it is dealt with. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  /** What can be done about it. */
  readonly action?: { readonly title: string; readonly act: () => Promise<void> };
  /** Of use until training begins, and gone then. */
  readonly isPassing?: true;
}

export class Announcer {
  readonly notice = signal<Notice | undefined>(undefined);
  /** What of the address was ignored. */
  readonly linkNotice: Signal<Notice | undefined>;
  /** What the live region says. */
  readonly spoken = signal('');
  #tenth = 0;

  /** @param ignored - what of the address was ignored, one sentence each */
  constructor(ignored: readonly string[]) {
    const title = 'Not everything in the address could be read';
    this.linkNotice = signal(ignored.length === 0 ? undefined : { title, text: ignored.join(' ') });
  }

  say(text: string): void {
    this.spoken.value = text;
  }

  /** Shows a notice and says it. */
  report(notice: Notice): void {
    this.notice.value = notice;
    this.say(`${notice.title}. ${notice.text}`);
  }

  /** Says what was taken away, and how to have it again until training begins. */
  offerUndo(title: string, text: string, undo: () => Promise<void>): void {
    const act = async () => {
      this.notice.value = undefined;
      await undo();
    };
    this.report({ title, text, isPassing: true, action: { title: 'Undo', act } });
  }

  /** Training begins or goes on to the end, not for a step. */
  begins({ info }: Run, what?: string): void {
    const name = what === undefined ? '' : `${what}. `;
    this.say(`${name}Training on ${backendTitle(info.name)}, ${info.adapter}.`);
  }

  /** From here on every tenth of a run is said. */
  follows(run: Run): void {
    if (this.notice.value?.isPassing) this.notice.value = undefined;
    this.#tenth = tenthOf(run);
  }

  /** The run that is followed has come further. */
  goesOn(run: Run): void {
    const { history, configuration } = run;
    const tenth = tenthOf(run);
    const metrics = history.at(-1);
    if (tenth <= this.#tenth || tenth === 10 || metrics === undefined) return;
    this.#tenth = tenth;
    const epoch = `Epoch ${history.length} of ${configuration.epochs}`;
    this.say(`${epoch}, test loss ${metrics.valLoss.toFixed(4)}.`);
  }

  /** The run went over to another device, or to another backend. */
  moves({ info }: Run, { obstacle, lostAt, wentOnFrom }: Moved): void {
    const title = obstacle.reason === 'device-error' ? 'The GPU failed' : 'The GPU was lost';
    const where =
      info.name === 'webgpu' ? 'a new device' : `${backendTitle(info.name)}, ${info.precision}`;
    const text = `At epoch ${integer(lostAt)}; training went on from epoch ${integer(wentOnFrom)} on ${where}. ${obstacle.message}`;
    this.report({ title, text });
  }

  /** The run is trained otherwise from an epoch on. */
  changes({ configuration, from }: Changed): void {
    const made = changeMarks(configuration).find(({ epoch }) => epoch === from);
    const what = made?.text ?? 'as it was before';
    this.say(`From epoch ${integer(from)}: ${what}.`);
  }

  /** A step of the run is not what float64 makes of it. */
  doubts({ info }: Run, { epoch, kernel }: Finding, showSelfTest: () => Promise<void>): void {
    const why =
      kernel === undefined
        ? 'Its kernels are right one by one, but together they gave other numbers.'
        : `The kernel ${kernel.kernel} is wrong: its ${kernel.quantity} differ by ${kernel.error.toExponential(1)}, and rounding explains ${kernel.bound.toExponential(1)} at most.`;
    this.report({
      title: 'This run is not sound',
      text: `On ${info.adapter} the step after epoch ${integer(epoch)} differs from float64 by more than rounding. ${why} Another browser, driver or backend may give the right numbers.`,
      action: { title: 'Self-test', act: showSelfTest },
    });
  }

  /** Training is over for now. */
  stops({ history, status, underway }: Run): void {
    const batch = underway.value?.batch;
    if (batch !== undefined) {
      this.say(
        `Paused in epoch ${history.length + 1}, after batch ${batch} of ${history.batchesPerEpoch}.`,
      );
      return;
    }
    const verb = status.value === 'paused' ? 'Paused' : 'Finished';
    const metrics = history.at(-1);
    const accuracy =
      metrics === undefined ? '' : ` Test accuracy ${metrics.valAccuracy.toFixed(4)}.`;
    this.say(`${verb} after epoch ${history.length}.${accuracy}`);
  }
}

function tenthOf({ history, configuration }: Run): number {
  return Math.floor((10 * history.length) / configuration.epochs);
}
