import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The documents that the package's README sends its readers to, and those that these lead to. */
const guides = ['diagnosis', 'doctor-compared', 'next', 'next-security', 'next-weight', 'users', 'webhooks'];

/**
 * Puts the guides into a package beside the pages of its findings, so that who has the package has them. What they link to
 * in the repository only stays as its name.
 */
export function packGuides(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const guide of guides) {
    const text = readFileSync(`${from}/${guide}.md`, 'utf8');
    const packed = text.replaceAll(
      /(?<!!)\[([^\]]*)\]\((?!https?:|#)([^)#]*)(#[^)]*)?\)/g,
      (_, name, path, hash = '') => {
        if (path.startsWith('findings/')) return `[${name}](../${path}${hash})`;
        return guides.includes(path.replace(/\.md$/, '')) ? `[${name}](${path}${hash})` : name;
      },
    );
    writeFileSync(`${to}/${guide}.md`, packed);
  }
}
