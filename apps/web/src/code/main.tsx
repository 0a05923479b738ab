import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../books/books-page.css';
import '../studio/studio.css';
import '../curate/curate.css';
import './code.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { CodePage } from './code-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of code/index.html')).render(
  <StrictMode>
    <CodePage />
  </StrictMode>,
);
