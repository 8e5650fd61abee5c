import type { ReactNode } from 'react';
import './section-page.css';

/** A page of several sections: their links at the left, on a telephone above, and the one that is open. */
export function SectionPage({
  label,
  links,
  children,
}: {
  readonly label: string;
  readonly links: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="section-page">
      <nav className="section-links not-printed" aria-label={label}>
        {links}
      </nav>
      <div className="section-body">{children}</div>
    </div>
  );
}

/** The title of a section, what it is for, and what can be done with it as a whole. */
export function SectionHead({
  title,
  intro,
  children,
}: {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <>
      <header className="section-head">
        <h1>{title}</h1>
        {children}
      </header>
      {intro !== undefined && <p className="section-intro">{intro}</p>}
    </>
  );
}

/** A part of a section with a heading of its own. */
export function SectionPart({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="section-part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
