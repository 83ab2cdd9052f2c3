/** The links between the views. */
import { VIEWS, view } from './view';

export function ViewSwitch() {
  return (
    <nav class="views" aria-label="Views">
      {VIEWS.map(({ name, title }) => (
        <a key={name} href={`#${name}`} aria-current={view.value === name ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
