import { EmptyState } from '../parts/empty-state.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { appWords } from './app-words.js';

export function NoSuchPage() {
  const words = useWords(appWords);
  return (
    <EmptyState title={words.noSuchPage}>
      <p>{words.noSuchPageHelp}</p>
      <p>
        <Link to="/worklist">{words.toWorklist}</Link>
      </p>
    </EmptyState>
  );
}
