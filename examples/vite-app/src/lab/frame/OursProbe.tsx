import { useAuthHealth } from '../../clerk.ts';
import type { LabSettings } from '../protocol.ts';
import { useProbe } from './useProbe.ts';

export function OursProbe({ lab }: { lab: LabSettings }) {
  const health = useAuthHealth();
  useProbe({ side: 'ours', lab, recovering: health.status === 'recovering', signOut: health.signOut });
  return null;
}
