/** The view for an iframe: the stage, with a title that says what is trained, and who computes. */
import { NoticeBox } from '../components/notice-box';
import { Transport } from '../components/transport';
import { linkOf } from '../link';
import { StageControls } from '../stage/controls';
import { Stage } from '../stage/stage';
import { runTitle } from '../stage/words';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import '../styles/embed.css';

export function Embed() {
  const store = useStore();
  const configuration = (store.run.value ?? store.lesson.value)?.configuration;
  return (
    <main class="embed" id="main" tabIndex={-1} aria-labelledby="embed-heading">
      <h1 id="embed-heading">{runTitle(configuration ?? store.settings.configuration.value)}</h1>
      <NoticeBox />
      <Transport />
      <Stage>
        <StageControls />
      </Stage>
      <p class="source embed-source">
        <Who />
        <a href={`${linkOf(store)}#lab`} target="_blank" rel="noopener">
          Open this run in Shaderprop
        </a>
      </p>
    </main>
  );
}

function Who() {
  const { run, isOpening } = useStore();
  const info = run.value?.info;
  if (info === undefined) return <span>{isOpening.value ? 'Opening the backend…' : ''}</span>;
  return (
    <span>
      {backendTitle(info.name)} in {info.precision}, {info.adapter}
    </span>
  );
}
