/** What tests/engines/check.ts prints, a finding a line. */
import type { Arithmetic } from '../../src/gpu/runtime/arithmetic';
import type { FixtureComparison } from '../support/histories';

export type Finding =
  | { readonly kind: 'adapter'; readonly adapter: string; readonly features: readonly string[] }
  | ({ readonly kind: 'arithmetic' } & Arithmetic)
  | { readonly kind: 'texts'; readonly compiled: number; readonly errors: readonly string[] }
  | {
      readonly kind: 'self-test';
      /** Setting and candidate. */
      readonly name: string;
      readonly kernels: number;
      readonly failed: readonly string[];
    }
  | {
      readonly kind: 'fixture';
      readonly name: string;
      readonly ms: number;
      readonly comparison: FixtureComparison;
    }
  | { readonly kind: 'end'; readonly uncaught: readonly string[] };

/** The finding of a kind. */
export type FindingOf<Kind extends Finding['kind']> = Extract<Finding, { readonly kind: Kind }>;
