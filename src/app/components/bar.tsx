/** The bar on top of every view: the name, the views, the transport, and who computes. */
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import { ViewSwitch } from '../views/view-switch';
import { Transport } from './transport';

export function Bar() {
  return (
    <header class="bar">
      <div class="bar-inner">
        <div class="bar-start">
          <a class="brand" href="#top">
            Shaderprop
          </a>
          <ViewSwitch />
        </div>
        <Transport />
        <Badge />
      </div>
    </header>
  );
}

/** The backend that computes, with its adapter and precision. */
function Badge() {
  const store = useStore();
  const info = store.run.value?.info;
  if (info === undefined) {
    return <p class="badge">{store.isOpening.value ? 'Opening the backend…' : ''}</p>;
  }
  return (
    <p class="badge" title={info.adapter}>
      <span>
        <strong>{backendTitle(info.name)}</strong> {info.precision}
      </span>
      <span class="badge-detail">{info.adapter}</span>
    </p>
  );
}
