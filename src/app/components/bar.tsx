/** The bar on top of every view: the name, the views, the transport, and who computes. */
import { useState } from 'preact/hooks';
import { linkOf } from '../link';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import { isPresenting, togglePresenter } from '../views/presentation';
import { VIEWS, view } from '../views/view';
import { Button } from './button';
import { Dialog } from './dialog';
import { Lazy } from './lazy';
import { Shortcuts } from './shortcuts';
import { Transport } from './transport';

export function Bar() {
  const store = useStore();
  return (
    <header class={view.value === 'lab' ? 'bar bar-lab' : 'bar'}>
      <div class="bar-inner">
        <div class="bar-start">
          <a class="brand" href="#top">
            Shaderprop
          </a>
          <nav class="views" aria-label="Views">
            {VIEWS.map(({ name, title }) => (
              <a
                key={name}
                href={`#${name}`}
                aria-current={view.value === name ? 'page' : undefined}
              >
                {title}
              </a>
            ))}
          </nav>
        </div>
        <Transport />
        <div class="bar-end">
          <Badge />
          {view.value === 'lab' && <Share />}
          <Button
            title="Large type, controls folded, slow motion"
            class="button-present"
            isPressed={isPresenting.value}
            onPress={() => togglePresenter(store)}
          >
            {isPresenting.value ? 'End presenting' : 'Present'}
          </Button>
          <View />
        </div>
        <Shortcuts />
      </div>
    </header>
  );
}

const loadDiagnostics = async () => (await import('../lab/diagnostics/diagnostics')).Diagnostics;

/** The backend that computes, with its adapter and precision; a press on it tells more. */
function Badge() {
  const store = useStore();
  const run = store.run.value;
  const info = run?.info;
  const tuning = store.tuningProgress.value;
  const loading = store.loadingShare.value;
  if (loading !== undefined) {
    return (
      <p class="badge">
        Loading data…
        <progress class="badge-progress" max={1} value={loading} aria-label="Loading data" />
      </p>
    );
  }
  if (info === undefined) {
    const doing = tuning === undefined ? 'Opening…' : 'Measuring…';
    return (
      <>
        <p class="badge">
          {store.isOpening.value ? doing : ''}
          {tuning !== undefined && (
            <progress class="badge-progress" max={1} value={tuning.share} aria-label={doing} />
          )}
        </p>
        {tuning !== undefined && (
          <Button
            title="Stop measuring; the run takes the plan of the fixed table"
            onPress={() => store.cancelTuning()}
          >
            Cancel
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        class="badge"
        title={`${info.adapter}. Press for diagnostics.`}
        aria-haspopup="dialog"
        onClick={() => {
          store.isDiagnosing.value = true;
        }}
      >
        <span>
          <strong>{backendTitle(info.name)}</strong>{' '}
          {run?.finding.value === undefined ? (
            info.precision
          ) : (
            <em class="badge-doubt">not sound</em>
          )}
        </span>
        <span class="badge-detail">{info.adapter}</span>
      </button>
      {store.isDiagnosing.value && (
        <Dialog
          title="Diagnostics"
          onClose={() => {
            store.isDiagnosing.value = false;
          }}
        >
          <Lazy load={loadDiagnostics} title="Diagnostics" />
        </Dialog>
      )}
    </>
  );
}

const loadViewMenu = async () => (await import('./view-menu')).ViewMenu;

/** How the page looks. */
function View() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        title="Theme, presenter mode, full screen"
        class="button-view"
        onPress={() => setOpen(true)}
      >
        View
      </Button>
      {isOpen && (
        <Dialog title="View" isSmall onClose={() => setOpen(false)}>
          <Lazy load={loadViewMenu} title="View" />
        </Dialog>
      )}
    </>
  );
}

const COPIED_MILLISECONDS = 2000;

/** Copies a link that gives this run again. */
function Share() {
  const store = useStore();
  const [label, setLabel] = useState('Share');
  const copy = async () => {
    const link = linkOf(store);
    try {
      await navigator.clipboard.writeText(link);
      setLabel('Copied');
      store.announcer.say('The link to this run is copied.');
      setTimeout(() => setLabel('Share'), COPIED_MILLISECONDS);
    } catch {
      store.announcer.report({ title: 'The link could not be copied; here it is', text: link });
    }
  };
  return (
    <Button title="Copy a link to this run" class="button-share" onPress={copy}>
      {label}
    </Button>
  );
}
