/** The places of the page that an address may name behind its `#`. */
import { PANELS } from './lab/panels';
import { PARTS } from './notebook/part';
import { quote } from './url-state';
import { VIEWS } from './views/view';

/** What is wrong with the part of the address behind `#`, one sentence. */
export function problemsOfPlace(): readonly string[] {
  const place = location.hash.slice(1);
  const places = [
    ...['', 'top', 'main', 'comparison', ...VIEWS.map(({ name }) => name)],
    ...PARTS.map(({ id }) => id),
    ...PANELS.map(({ name }) => `lab/${name}`),
  ];
  return places.includes(place) ? [] : [`${quote(`#${place}`)} is not a place on this page.`];
}
