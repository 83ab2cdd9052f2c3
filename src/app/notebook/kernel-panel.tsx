/** A formula and its explanation beside the WGSL kernel that computes it. */
import type { ComponentChildren } from 'preact';
import type { FormulaName, KernelInstance } from '../../gpu/plan';
import { WgslCode } from '../components/wgsl-code';

interface Props {
  readonly title: string;
  /** The formula that the kernel computes, its first kernel where several do. */
  readonly formula: FormulaName;
  readonly kernels: readonly KernelInstance[];
  readonly children: ComponentChildren;
}

export function KernelPanel({ title, formula, kernels, children }: Props) {
  const instance = kernels.find(({ formulas }) => formulas.includes(formula));
  return (
    <div class="kernel wide">
      <div>
        <h3>{title}</h3>
        {children}
        {instance !== undefined && (
          <p class="kernel-meta">
            Kernel <code>{instance.name}</code>, {instance.workgroups.join(' × ')} workgroups
            <br />
            In NumPy: <code>{instance.numpy}</code>
          </p>
        )}
      </div>
      <div class="kernel-code">
        <WgslCode
          startAt="@compute"
          source={instance === undefined ? '' : bodyOf(instance.wgsl)}
          label={`WGSL of the kernel for: ${title.toLowerCase()}`}
        />
        {instance !== undefined && (
          <details class="disclosure">
            <summary>The whole shader, with its bindings</summary>
            <WgslCode source={instance.wgsl} label={`The whole shader ${instance.name}`} />
          </details>
        )}
      </div>
    </div>
  );
}

/** The shader after the declarations of its bindings: helpers, then the entry point. */
function bodyOf(wgsl: string): string {
  const binding = wgsl.lastIndexOf('@binding(');
  return wgsl.slice(wgsl.indexOf('\n', binding)).trim();
}
