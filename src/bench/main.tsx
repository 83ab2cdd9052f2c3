/** Starts the benchmark's page. */
import { render } from 'preact';
import '../app/styles/tokens.css';
import '../app/styles/base.css';
import '../app/styles/bar.css';
import '../app/styles/controls.css';
import '../app/styles/content.css';
import './bench.css';
import { BenchPage } from './bench-page';
import { offerHeadless } from './headless';
import { PageState } from './page-state';

const root = document.getElementById('bench');
if (root === null) throw new Error('The page has no element with the id “bench”.');

offerHeadless();
render(<BenchPage state={new PageState()} />, root);
