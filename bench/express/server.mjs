// Stores a row for each tap, as a plain Express server would: WAL with synchronous=NORMAL, one commit for each.
import { createHmac, timingSafeEqual } from 'node:crypto';
import Database from 'better-sqlite3';
import express from 'express';

const flag = (name) => process.argv.find((a) => a.startsWith(`-${name}=`)).slice(name.length + 2);
const db = new Database(flag('db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.exec('CREATE TABLE IF NOT EXISTS ratings (id INTEGER PRIMARY KEY, workspace TEXT, conversation INTEGER, contact TEXT, score TEXT, at INTEGER)');
const insert = db.prepare('INSERT INTO ratings (workspace, conversation, contact, score, at) VALUES (?, ?, ?, ?, ?)');
const thanks = { canvas: { content: { components: [{ type: 'text', text: '✅ Your answer is saved.' }] }, stored_data: { state: '0123456789'.repeat(20) } } };

const app = express();
app.disable('x-powered-by');
app.get('/', (_, res) => res.send('ok'));
app.post('/canvas/messenger/submit', express.raw({ type: () => true, limit: '256kb' }), (req, res) => {
  const mac = createHmac('sha256', 'sandbox-secret').update(req.body).digest();
  const sent = Buffer.from(req.get('x-body-signature') ?? '', 'hex');
  if (sent.length !== mac.length || !timingSafeEqual(mac, sent)) return res.status(401).end();
  const tap = JSON.parse(req.body);
  insert.run(tap.workspace_id, tap.context.conversation_id, tap.user.id, tap.input_values.rating, Date.now() * 1000);
  res.json(thanks);
});
const [host, port] = flag('addr').split(':');
app.listen(Number(port), host);
