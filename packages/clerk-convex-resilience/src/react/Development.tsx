'use client';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { DevelopmentViewProps } from './DevelopmentView.tsx';

/** What a developer is told of a notice besides. Loaded when it is to be shown: an app's users never do. */
export function Development(props: DevelopmentViewProps): ReactNode {
  const [View, setView] = useState<ComponentType<DevelopmentViewProps>>();
  useEffect(() => {
    let isGone = false;
    void import('./DevelopmentView.tsx').then((it) => isGone || setView(() => it.DevelopmentView)).catch(() => {}); // with the next notice
    return () => {
      isGone = true;
    };
  }, []);
  return View && <View {...props} />;
}
