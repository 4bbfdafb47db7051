import { report } from './report.ts';

/** Of a message of Convex's client (browser/sync/protocol.ts, convex 1.48), what tells whether it speaks or asks as the user. */
interface Message {
  readonly type: string;
  readonly tokenType?: string;
  readonly value?: string;
  readonly udfPath?: string;
  readonly modifications?: ReadonlyArray<{ readonly type: string; readonly udfPath?: string }>;
}

/**
 * Tells the bench of each token, call and query when it leaves the page. When it arrives, and when Convex has looked at it, depends on how busy the machine is.
 */
export function watchSockets(): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string') tell(JSON.parse(data));
    send.call(this, data);
  };
}

function tell({ type, tokenType, value = '', udfPath, modifications = [] }: Message): void {
  if (type === 'Authenticate' && tokenType === 'User') report({ kind: 'sent', what: 'token', of: subjectOf(value) });
  for (const path of [udfPath, ...modifications.map((change) => change.udfPath)])
    if (path !== undefined) report({ kind: 'sent', what: 'call', of: path });
}

function subjectOf(token: string): string {
  const payload = token.split('.')[1] ?? '';
  return String(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).sub);
}
