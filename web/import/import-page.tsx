import { useMe } from '../calls/me.js';
import { ImportWizard } from '../importing/import-wizard.js';
import { EmptyState } from '../parts/empty-state.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { EarlierImports } from './earlier-imports.js';
import { importWords } from './import-words.js';
import './import-page.css';

const MAY_IMPORT = 'head_nurse';

/** A roster or a file of events, from the spreadsheet of the ward into the program; and what was imported before. */
export default function ImportPage() {
  const words = useWords(importWords);
  const mayImport = useMe().roles.includes(MAY_IMPORT);
  return (
    <div className="import-page">
      <title>{words.title}</title>
      <h1>{words.heading}</h1>
      {mayImport ? (
        <>
          <ImportWizard>
            <Link className="button button-main" to="/worklist">
              {words.toWorklist}
            </Link>
          </ImportWizard>
          <EarlierImports />
        </>
      ) : (
        <EmptyState title={words.forHeadNurses}>
          <p>{words.forHeadNursesHelp}</p>
        </EmptyState>
      )}
    </div>
  );
}
