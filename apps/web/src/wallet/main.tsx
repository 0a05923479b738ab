import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../account/account.css';
import '../books/books-page.css';
import './wallet.css';
import { presentOwn } from '../account/present-own.tsx';
import { WalletPage } from './wallet-page.tsx';

presentOwn(<WalletPage />, 'wallet/index.html');
