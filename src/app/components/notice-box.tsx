/** What the user should know: shown until it is no longer so. The live region has spoken it already. */
import type { Notice } from '../state/announcer';
import { useStore } from '../state/store-context';
import { Button } from './button';
import { CloseNotice } from './close-notice';
import { KeptRunNotice } from './kept-run-notice';
import { LastSettingsNotice } from './last-settings-notice';
import { NewVersionNotice } from './new-version-notice';

export function NoticeBox() {
  const { announcer } = useStore();
  const notice = announcer.notice.value;
  const link = announcer.linkNotice.value;
  return (
    <div class="notices">
      <NewVersionNotice />
      <KeptRunNotice />
      <LastSettingsNotice />
      {link !== undefined && (
        <div class="notice notice-with-button" role="alert">
          <Words notice={link} />
          <CloseNotice shown={announcer.linkNotice} />
        </div>
      )}
      {notice !== undefined && (
        <div class="notice notice-with-button">
          <Words notice={notice} />
          {notice.action !== undefined && (
            <Button onPress={notice.action.act}>{notice.action.title}</Button>
          )}
          <CloseNotice shown={announcer.notice} />
        </div>
      )}
    </div>
  );
}

function Words({ notice: { title, text } }: { readonly notice: Notice }) {
  return (
    <div>
      <strong>{title}</strong>
      {text}
    </div>
  );
}
