/** The run that this one begins with: its first layers are taken from the present run, or from a file. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { capitalized } from '../../../../data/dataset';
import { FIELD_HELP } from '../../../../training/configuration/field-help';
import { FIELDS } from '../../../../training/configuration/fields';
import { askForStart, parseStart } from '../../../../training/files/start-reference';
import { beginsAlike } from '../../../../training/files/start-run';
import type { FoundRun } from '../../../../training/keeping/run-archive';
import { noSuchPreset } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { ago, count } from '../../../state/format';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';
import { keptStart } from '../../../worker/indexed-start-store';
import { useSought } from '../use-sought';
import './start-from.css';
import {
  dropStart,
  messageAbout,
  startFileOf,
  startMessage,
  takeKeptRun,
  takePresentRun,
  takeStartFile,
} from './start-from-state';

export function StartFrom() {
  const store = useStore();
  const { settings } = store;
  const input = useRef<HTMLInputElement>(null);
  const problem = settings.problems.value.from;
  const isMissing = useMissing(store);
  const keptRuns = useKeptRuns(store);
  const { from } = settings.configuration.value;
  const canTake = (store.run.value?.history.length ?? 0) > 0;
  useSought('from', 'setup-from');
  const message = messageAbout(from);
  return (
    <fieldset id="setup-from" class="start-from" tabIndex={-1} aria-describedby="setup-from-help">
      <legend class="setup-label">{FIELDS.from.label}</legend>
      <p
        id="setup-from-help"
        class={problem === undefined && !isMissing ? 'setup-help' : 'setup-help field-problem'}
      >
        {problem ?? sentenceOf(store, isMissing)}
      </p>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        accept="application/json,.json"
        aria-label="File with parameters or a run to start from"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          takeStartFile(store, currentTarget.files?.[0]);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <div class="setup-buttons">
        <Button isDisabled={!canTake} onPress={() => takePresentRun(store)}>
          Take the present run’s layers
        </Button>
        {keptRuns.map((kept) => (
          <Button key={kept.id} onPress={() => takeKeptRun(store, kept)}>
            Take a kept run’s layers ({count(kept.epoch, 'epoch')}, {ago(Date.now() - kept.keptAt)})
          </Button>
        ))}
        <Button onPress={() => input.current?.click()}>Choose a file…</Button>
        {from !== '' && <Button onPress={() => dropStart(store)}>Begin anew</Button>}
      </div>
      <output class={message?.isProblem ? 'setup-help field-problem' : 'setup-help'}>
        {message?.text}
      </output>
    </fieldset>
  );
}

function sentenceOf({ settings }: Store, isMissing: boolean): string {
  const { from } = settings.configuration.value;
  const reference = parseStart(from);
  if (reference === undefined) {
    return `${FIELD_HELP.from} The present run’s can be taken as well.`;
  }
  const problem = 'preset' in reference ? noSuchPreset(reference.preset) : undefined;
  if (problem !== undefined) return `${capitalized(problem)}.`;
  if (isMissing || 'preset' in reference) return askForStart(reference);
  return `It begins with layers of ${reference.file}, of ${count(reference.bytes, 'byte')}.`;
}

/** The runs of earlier visits of which a layer at least fits. */
function useKeptRuns(store: Store): readonly FoundRun[] {
  const [found, setFound] = useState<readonly FoundRun[]>([]);
  const offered = store.earlier.offered.value;
  useEffect(() => {
    let isWanted = true;
    store.service
      .keptRuns()
      .catch(() => [])
      .then((runs) => isWanted && setFound(runs));
    return () => {
      isWanted = false;
    };
    // Once it is no longer offered, it goes on or is forgotten.
  }, [store, offered]);
  const configuration = store.settings.configuration.value;
  return found.filter((kept) => beginsAlike(kept.configuration, configuration));
}

/** Whether the run that the settings begin with is still to be given. */
function useMissing(store: Store): boolean {
  const [found, setFound] = useState<string | undefined>(undefined);
  const [isLooking, setLooking] = useState(true);
  const { from } = store.settings.configuration.value;
  const sha256 = startFileOf(store)?.sha256;
  const message = startMessage.value;
  useEffect(() => {
    let isWanted = true;
    setLooking(true);
    if (sha256 === undefined) return undefined;
    keptStart(sha256)
      .catch(() => undefined)
      .then((file) => {
        if (!isWanted) return;
        setFound(file && sha256);
        setLooking(false);
      });
    return () => {
      isWanted = false;
    };
    // What was taken meanwhile may be this file.
  }, [sha256, message]);
  if (from === '') return false;
  return sha256 === undefined || (!isLooking && found !== sha256);
}
