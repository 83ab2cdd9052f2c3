/** A formula and its explanation beside the WGSL kernel that computes it. */
import type { ComponentChildren } from 'preact';
import type { FormulaName, StepDescription } from '../../training/plan-description';
import { WgslCode } from '../components/wgsl-code';
import { keyLine } from './key-line';

interface Props {
  readonly title: string;
  /** The formula that the kernel computes, its first kernel where several do. */
  readonly formula: FormulaName;
  /** Formulas of the panels before: a kernel that stands there is not shown again. */
  readonly before?: readonly FormulaName[];
  readonly kernels: readonly StepDescription[];
  readonly children: ComponentChildren;
}

export function KernelPanel({ title, formula, before = [], kernels, children }: Props) {
  const kernelOf = (name: FormulaName) => kernels.find(({ formulas }) => formulas.includes(name));
  const step = kernelOf(formula);
  const body = step === undefined ? '' : bodyOf(step.wgsl);
  const isShown = step !== undefined && before.some((name) => kernelOf(name) === step);
  return (
    <div class="kernel wide">
      <div>
        <h3>{title}</h3>
        {children}
        {step !== undefined && (
          <p class="kernel-meta">
            Kernel <code>{step.kernel}</code>, {step.workgroups.join(' × ')} workgroups
            <br />
            In NumPy: <code>{step.numpy}</code>
          </p>
        )}
      </div>
      {isShown ? (
        <p class="source">The kernel above computes this as well.</p>
      ) : (
        <div class="kernel-code">
          <WgslCode
            startLine={keyLine(body, formula)}
            source={body}
            label={`WGSL of the kernel for: ${title.toLowerCase()}`}
          />
          {step !== undefined && (
            <details class="disclosure">
              <summary>The whole shader, with its bindings</summary>
              <WgslCode source={step.wgsl} label={`The whole shader ${step.kernel}`} />
            </details>
          )}
        </div>
      )}
    </div>
  );
}

/** The shader after the declarations of its bindings: helpers, then the entry point. */
function bodyOf(wgsl: string): string {
  const binding = wgsl.lastIndexOf('@binding(');
  return wgsl.slice(wgsl.indexOf('\n', binding)).trim();
}
