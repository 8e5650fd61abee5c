import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { LiveUpdates } from '../calls/live-updates.js';
import { CommandsProvider } from '../commands/commands.js';
import { ToastProvider } from '../parts/toasts.js';
import { LanguageProvider } from '../words/language.js';
import { createQueries } from './queries.js';
import { SessionGate } from './session-gate.js';
import { Shell } from './shell.js';

/** What surrounds every page, from the outside in. */
export function App() {
  const [queries] = useState(createQueries);
  return (
    <LanguageProvider>
      <QueryClientProvider client={queries.client}>
        <CommandsProvider>
          <ToastProvider>
            <SessionGate sessionEnd={queries.sessionEnd}>
              <LiveUpdates>
                <Shell />
              </LiveUpdates>
            </SessionGate>
          </ToastProvider>
        </CommandsProvider>
      </QueryClientProvider>
    </LanguageProvider>
  );
}
