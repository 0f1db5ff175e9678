import type { ProcessStat } from './process-stat';

/** A process and all its descendants. */
export function treeOf(processes: readonly ProcessStat[], rootPid: number): readonly ProcessStat[] {
  const children = Map.groupBy(processes, ({ parentPid }) => parentPid);
  const tree = processes.filter(({ pid }) => pid === rootPid);
  for (const member of tree) tree.push(...(children.get(member.pid) ?? []));
  return tree;
}
