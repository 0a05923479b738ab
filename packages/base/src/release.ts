/** Version of this JAMNet: in the page, in backups, and beside each change of stored tables. */
export const RELEASE = '0.1.0';
