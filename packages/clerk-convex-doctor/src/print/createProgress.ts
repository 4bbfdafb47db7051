import { offlineReason } from '../gather/network/networkSteps.ts';
import type { Step } from '../types.ts';
import type { Terminal } from './createTerminal.ts';
import { labels } from './labels.ts';
import type { Language } from './languages.ts';

/**
 * Tells each step as it ends. A person sees besides what is being looked at now: that line is overwritten, so that a log has none of it.
 */
export function createProgress(terminal: Terminal, language: Language): (step: Step) => void {
  const running = new Map<string, string>();
  const { colors } = terminal;
  const { steps, skipped, offline } = labels[language];
  const titleOf = ({ id, title }: Step): string => steps?.[id as keyof typeof steps] ?? title;
  // No mark of success: that a host was asked says nothing of what it answered.
  return (step) => {
    if (step.status === 'started') {
      running.set(step.id, titleOf(step));
    } else {
      running.delete(step.id);
      const isDone = step.status === 'done';
      const detail = [isDone ? undefined : skipped, step.detail?.replace(offlineReason, offline)]
        .filter(Boolean)
        .join(': ');
      terminal.line(
        `  ${isDone ? colors.cyan('·') : colors.dim('-')} ${titleOf(step)}${detail ? `  ${colors.dim(detail)}` : ''}`,
      );
    }
    // A terminal wraps a line that is too long, and only its last row could be overwritten.
    if (terminal.isLive && running.size > 0) terminal.fleeting(`  … ${[...running.values()].join(', ')}`.slice(0, 78));
  };
}
