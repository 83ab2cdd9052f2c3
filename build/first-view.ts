/** What a first view always needs comes in few files, which compress better than many small ones. */
import type { Rolldown } from 'vite';

/** Modules, and what they import, themselves or through others, and not only later by `import()`. */
interface Together {
  /** Of the file. */
  readonly name: string;
  /** The paths of the modules that they are needed by. */
  readonly by: RegExp;
  /**
   * Whoever else needs a module keeps it apart: it would have to load all the others. Nothing that is kept
   * apart needs what is together, so that files never import each other in a circle.
   */
  readonly notBy?: RegExp;
}

/**
 * A group of rolldown's that puts modules together; of several the first one has them.
 *
 * @param entry - of the build that it is for, as a path; others, as each worker's is one, stay as they are
 */
export function together(entry: string, groups: readonly Together[]): Rolldown.CodeSplittingGroup {
  return {
    name: (id, context) => {
      if (context.getModuleInfo(entry) === null) return null;
      const needed = (by: RegExp) => isNeeded(id, by, context);
      const found = groups.find(
        ({ by, notBy }) => needed(by) && !(notBy !== undefined && needed(notBy)),
      );
      return found?.name ?? null;
    },
    includeDependenciesRecursively: false,
  };
}

/** Whether a module is one of `by`, or one of them imports it. */
function isNeeded(id: string, by: RegExp, context: Rolldown.ChunkingContext): boolean {
  const seen = new Set([id]);
  // A set is walked on to what is added meanwhile.
  for (const each of seen) {
    if (by.test(each)) return true;
    for (const importer of context.getModuleInfo(each)?.importers ?? []) seen.add(importer);
  }
  return false;
}
