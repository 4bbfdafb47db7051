import { useClerk } from '../../clerk.ts';
import type { LabSettings } from '../protocol.ts';
import { useProbe } from './useProbe.ts';

export function PlainProbe({ lab }: { lab: LabSettings }) {
  const clerk = useClerk();
  useProbe({ side: 'plain', lab, notice: undefined, signOut: () => clerk.signOut() });
  return null;
}
