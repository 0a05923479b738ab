import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../account/account.css';
import '../books/books-page.css';
import { presentOwn } from '../account/present-own.tsx';
import { NodesPage } from './nodes-page.tsx';

presentOwn(<NodesPage />, 'nodes/index.html');
