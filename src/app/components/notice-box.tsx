/** What the user should know: shown until it is no longer so. The live region has spoken it already. */
import { useStore } from '../state/store-context';

export function NoticeBox() {
  const notice = useStore().notice.value;
  if (notice === undefined) return null;
  return (
    <div class="notice">
      <strong>{notice.title}</strong>
      {notice.text}
    </div>
  );
}
