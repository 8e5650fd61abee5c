import { useMutation } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { signOut } from '../calls/session.js';
import { StepUp } from '../calls/step-up.js';
import { type Command, useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { useToasts } from '../parts/toasts.js';
import { Link } from '../routing/link.js';
import { PageBoundary } from '../routing/page-boundary.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { useLanguageChoice } from '../words/language.js';
import { appWords } from './app-words.js';
import { navigationFor } from './navigation.js';
import { PresentPage } from './routes.js';
import './shell.css';

const Palette = onDemand(() => import('../commands/palette.js'));
const HelpSheet = onDemand(() => import('../commands/help-sheet.js'));

/** The frame of every page: hospital, pages, person, and the commands that work everywhere. */
export function Shell() {
  const words = useWords(appWords);
  const me = useMe();
  const { path } = usePlace();
  const { language, choose } = useLanguageChoice();
  const [sheet, setSheet] = useState<'palette' | 'help'>();
  const leaving = useMutation({ mutationFn: signOut, onSettled: () => location.assign('/') });
  const switchLanguage = (): void => choose(language === 'zh' ? 'en' : 'zh');
  useShellCommands({ openSheet: setSheet, switchLanguage, leave: () => leaving.mutate() });
  const close = (): void => setSheet(undefined);
  return (
    <div className="shell">
      <a className="skip not-printed" href="#content">
        {words.skip}
      </a>
      <header className="shell-head not-printed">
        <strong className="shell-hospital">{me.hospital.name}</strong>
        <nav aria-label={words.pages}>
          {navigationFor(me.roles).map(({ to, word }) => (
            <Link key={to} to={to} isCurrent={path === to || path.startsWith(`${to}/`)}>
              {words[word]}
            </Link>
          ))}
        </nav>
        <Button kind="quiet" hint="ctrl+k" onClick={() => setSheet('palette')}>
          {words.palette}
        </Button>
        <Button kind="quiet" className="shell-keys" hint="?" onClick={() => setSheet('help')}>
          {words.help}
        </Button>
        <Button kind="quiet" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={switchLanguage}>
          {words.otherLanguage}
        </Button>
        <Link to="/account" className="shell-person" title={words.account} isCurrent={path === '/account'}>
          {me.name}
        </Link>
        <Button kind="quiet" busy={leaving.isPending} onClick={() => leaving.mutate()}>
          {words.signOut}
        </Button>
      </header>
      {me.hospital.isDemonstration && <aside className="shell-demonstration">{words.demonstration}</aside>}
      <main id="content" className="shell-content" tabIndex={-1}>
        {/* After an upgrade the old files of a page are gone: it is loaded again. */}
        <PageBoundary
          key={path}
          fallback={(error) => <Failure error={error} onRetry={() => location.reload()} />}
        >
          <Suspense fallback={<Busy text={words.loading} />}>
            <PresentPage />
          </Suspense>
        </PageBoundary>
      </main>
      <StepUp />
      <Suspense>
        {sheet === 'palette' && <Palette onClose={close} />}
        {sheet === 'help' && <HelpSheet onClose={close} />}
      </Suspense>
    </div>
  );
}

function useShellCommands({
  openSheet,
  switchLanguage,
  leave,
}: {
  readonly openSheet: (sheet: 'palette' | 'help') => void;
  readonly switchLanguage: () => void;
  readonly leave: () => void;
}): void {
  const words = useWords(appWords);
  const toasts = useToasts();
  const group = words.everywhere;
  const { roles } = useMe();
  const pages = navigationFor(roles).map(({ to, word, keys }): Command => ({
    ...{ id: to, title: words.goTo(words[word]), group, keys: [keys] },
    run: () => goTo(to),
  }));
  useCommands([
    ...pages,
    {
      id: 'palette',
      title: words.palette,
      group,
      keys: ['ctrl+k'],
      isKeyOnly: true,
      run: () => openSheet('palette'),
    },
    { id: 'help', title: words.help, group, keys: ['?'], run: () => openSheet('help') },
    {
      id: 'search',
      title: words.search,
      group,
      keys: ['/'],
      run: () => goTo('/worklist#search'),
    },
    { id: 'undo', title: words.undo, group, keys: ['z'], run: toasts.act },
    { id: 'account', title: words.goTo(words.account), group, run: () => goTo('/account') },
    { id: 'language', title: words.otherLanguage, group, run: switchLanguage },
    { id: 'sign-out', title: words.signOut, group, run: leave },
  ]);
}
