// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { browserConnectivity } from './connectivity.ts';

describe('browserConnectivity', () => {
  it('reads the first cookie whose name matches, with its value whole', () => {
    Object.defineProperty(document, 'cookie', { value: 'other=1; __session_abc=a=b', configurable: true });
    const page = browserConnectivity();
    expect(page.readCookie(/^__session(_|$)/)).toBe('a=b');
    expect(page.readCookie(/^nothing$/)).toBeUndefined();
  });

  it('wakes on online, on pageshow and when the page becomes visible, until it is undone', () => {
    const page = browserConnectivity();
    const seen: string[] = [];
    const undo = page.onWake((reason) => seen.push(reason));
    const fire = (): void => {
      window.dispatchEvent(new Event('online'));
      window.dispatchEvent(new Event('pageshow'));
      document.dispatchEvent(new Event('visibilitychange'));
    };
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    fire();
    expect(seen).toEqual(['online', 'pageshow']);
    expect(page.isHidden()).toBe(true);
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    fire();
    expect(seen.slice(2)).toEqual(['online', 'pageshow', 'visible']);
    undo();
    fire();
    expect(seen).toHaveLength(5);
  });

  it('keeps texts, hears those of other tabs, and lives without storage', () => {
    const page = browserConnectivity();
    page.store('key', 'text');
    expect(page.stored('key')).toBe('text');
    const seen: unknown[] = [];
    const undo = page.onStored((key, value) => seen.push([key, value]));
    window.dispatchEvent(new StorageEvent('storage', { key: 'key', newValue: null }));
    undo();
    window.dispatchEvent(new StorageEvent('storage', { key: 'key', newValue: 'x' }));
    expect(seen).toEqual([['key', null]]);
    page.store('key', null);
    expect(page.stored('key')).toBeNull();

    const storage = Object.getOwnPropertyDescriptor(window, 'localStorage') as PropertyDescriptor;
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    page.store('key', 'text');
    expect(page.stored('key')).toBeNull();
    Object.defineProperty(window, 'localStorage', storage);
  });
});
