import { useAuthHealth } from '../../clerk.ts';
import type { LabSettings } from '../protocol.ts';
import { useProbe } from './useProbe.ts';

export function OursProbe({ lab }: { lab: LabSettings }) {
  const health = useAuthHealth();
  const notice = health.status === 'recovering' ? 'refreshing' : health.status === 'blocked' ? 'blocked' : undefined;
  useProbe({ side: 'ours', lab, notice, signOut: health.signOut });
  return null;
}
