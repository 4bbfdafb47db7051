/** Makes the page believe that the browser went offline or came back, as pulling the plug does. */
export function setOnline(online: boolean): void {
  if (online) Reflect.deleteProperty(navigator, 'onLine');
  else Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  dispatchEvent(new Event(online ? 'online' : 'offline'));
}
