import { Trash2 } from 'lucide-react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Forms.module.css';
import type { TextFault } from './rules-form.ts';

/** What the form has no fields for stays as it is written. */
export function KeptRow({ name, what, onRemove }: { readonly name: string; readonly what: 'rule' | 'list'; readonly onRemove: () => void }) {
  return (
    <div className={styles.kept} role="group" aria-label={`The ${what} ${name}`}>
      <p>
        <b>{name}</b> holds more than this form has fields for. It stays as it is; change it in the text.
      </p>
      <Button label={`Remove the ${what} ${name}`} icon={<Trash2 />} className={styles.remove ?? ''} onPress={onRemove} />
    </div>
  );
}

export function Unreadable({ what, fault }: { readonly what: 'rules' | 'lists'; readonly fault: TextFault | undefined }) {
  return (
    <section className={styles.form} aria-label={`The ${what} as a form`}>
      <div className={styles.unreadable}>
        <h3 className={styles.title}>The text cannot be read at present</h3>
        <p>
          {fault?.line === undefined ? '' : `Line ${fault.line}: `}
          {fault?.reason}
        </p>
        <p>Nothing of it is lost. The form follows as soon as the text can be read again.</p>
      </div>
    </section>
  );
}
