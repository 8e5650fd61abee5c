import { Link } from './link.js';
import './tabs.css';

export interface Tab {
  readonly to: string;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** The parts of one page. Each has an address, so the browser's way back and bookmarks lead there. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className="tabs not-printed" aria-label={label}>
      {tabs.map(({ to, text, isCurrent }) => (
        <Link key={to} to={to} isCurrent={isCurrent}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
