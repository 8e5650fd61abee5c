import { useQuery } from '@tanstack/react-query';
import { type Provider, testProvider } from '../calls/access.js';
import { Failure } from '../calls/failure.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { Notice } from '../parts/notice.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';

/** Asks the provider as a sign-in does, and shows the address to register there. */
export function ProviderTestDialog({
  provider: { id, name },
  onClose,
}: {
  readonly provider: Provider;
  readonly onClose: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const { data, error } = useQuery({
    queryKey: ['sso-provider-test', id],
    queryFn: () => testProvider(id),
    ...{ staleTime: 0, gcTime: 0, retry: false, refetchOnWindowFocus: false },
  });
  return (
    <Dialog title={words.testTitle(name)} closeLabel={frame.close} onClose={onClose}>
      <div className="fields">
        <Failure error={error} />
        {data === undefined && !error && <Busy text={words.testRunning} />}
        {data && (
          <>
            {data.fault !== null ? (
              <Notice tone="late" title={words.testFault(data.fault)} />
            ) : data.keys === 0 ? (
              <Notice tone="late" title={words.testNoKeys} />
            ) : (
              <Notice tone="done" title={words.testGood(data.keys)}>
                {data.signInAt !== null && (
                  <p className="small">
                    {words.signInAt}: {data.signInAt}
                  </p>
                )}
              </Notice>
            )}
            <SecretOnce
              label={words.redirectUri}
              secret={data.redirectUri}
              selectText={words.select}
              help={words.selectHelp}
            />
          </>
        )}
      </div>
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {frame.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
