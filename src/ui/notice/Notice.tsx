import { X } from 'lucide-react';
import { useEffect } from 'react';
import { closeNotice } from '#store/commands.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { RUN_FILE, save } from '#ui/menus/save.ts';
import { Button } from '#ui/widgets/Button.tsx';
import { shown } from '#ui/widgets/shown.ts';
import styles from './Notice.module.css';

/** Long enough to be read: at least so long, and so much for each letter. */
const LEAST_MILLISECONDS = 6000;
const LETTER_MILLISECONDS = 75;

/** One sentence at the lower right. Plain ones go by themselves; problems stay until they are closed. */
export function Notice() {
  const execute = useExecute();
  const notice = useAppState((state) => state.layout.notice);
  useEffect(() => {
    if (notice?.tone !== 'plain') return undefined;
    const timer = setTimeout(() => execute(closeNotice), Math.max(LEAST_MILLISECONDS, notice.text.length * LETTER_MILLISECONDS));
    return () => clearTimeout(timer);
  }, [notice, execute]);
  return (
    <div className={styles.place} role={notice?.tone === 'problem' ? 'alert' : 'status'}>
      {notice !== undefined && (
        <div className={notice.tone === 'problem' ? styles.problem : styles.notice}>
          <div className={styles.says}>
            <p>{shown(notice.text)}</p>
            {notice.offer === 'save-run' && <Button onPress={() => execute(save(RUN_FILE))}>Save the run</Button>}
          </div>
          <Button label="Close this notice" icon={<X />} className={styles.close ?? ''} onPress={() => execute(closeNotice)} />
        </div>
      )}
    </div>
  );
}
