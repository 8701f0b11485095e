// The application whose CORS middleware is compared. Each path has the API behind another form of the middleware.
'use strict';

const express = require('express');
const cors = require('cors');

const app = express();

const api = express.Router();
api.use((req, res, next) => {
  res.set('Cache-Control', 'public, max-age=600');
  next();
});
const ran = (req, res) => res.set({ 'X-Handler': 'ran', 'X-Request-Id': '7' }).send('ok');
api.get('/ok', ran).put('/ok', ran).post('/ok', ran).delete('/ok', ran);
api.options('/options', ran);
api.get('/broken', () => {
  throw new Error('broken');
});
api.use('/inner', (req, res, next) => next(new Error('inner')));
api.use('/private', (req, res) => res.status(401).send('log in'));
api.get('/moved', (req, res) => res.redirect('ok'));

app.use('/string', cors({ origin: 'https://your-allowed-origin.com', methods: ['GET', 'POST'], credentials: true }), api);
app.use('/bare', cors(), api);
app.use('/array', cors({ origin: ['https://your-allowed-origin.com', 'https://admin.your-allowed-origin.com'] }), api);
app.use('/array-regexp', cors({ origin: ['https://your-allowed-origin.com', /\.your-allowed-origin\.com$/] }), api);
app.use('/regexp', cors({ origin: /^https:\/\/(admin\.)?your-allowed-origin\.com$/ }), api);
app.use('/regexp-end', cors({ origin: /your-allowed-origin\.com$/ }), api);
app.use('/regexp-start', cors({ origin: /^https:\/\/your-allowed-origin\.com/ }), api);
app.use('/regexp-dot', cors({ origin: /^https:\/\/your-allowed-origin.com$/ }), api);

const allowlist = ['https://your-allowed-origin.com', 'https://admin.your-allowed-origin.com'];

app.use('/function', cors({ origin: (origin, callback) => callback(null, allowlist.includes(origin)) }), api);
app.use('/function-error', cors({
  origin: function (origin, callback) {
    if (allowlist.indexOf(origin) !== -1 || !origin) {
      callback(null, true);
    } else {
      callback(new Error('Not allowed by CORS'));
    }
  },
}), api);
app.use('/async', cors((req, callback) => callback(null, { origin: allowlist.includes(req.header('Origin')) })), api);
app.use('/async-credentials', cors((req, callback) => {
  const own = req.header('Origin') === 'https://your-allowed-origin.com';
  callback(null, own ? { origin: true, credentials: true } : { origin: '*' });
}), api);
app.use('/reflect', cors({ origin: true }), api);
app.use('/reflect-credentials', cors({ origin: true, credentials: true }), api);
app.use('/any-credentials', cors({ origin: '*', credentials: true }), api);
app.use('/off', cors({ origin: false }), api);
app.use('/continue', cors({ origin: 'https://your-allowed-origin.com', preflightContinue: true }), api);
app.use('/status', cors({ origin: 'https://your-allowed-origin.com', optionsSuccessStatus: 200 }), api);
app.use('/max-age', cors({ origin: 'https://your-allowed-origin.com', maxAge: 600 }), api);
app.use('/headers', cors({
  origin: 'https://your-allowed-origin.com',
  allowedHeaders: ['Content-Type', 'X-Custom'],
  exposedHeaders: ['X-Request-Id'],
}), api);

// As people have it who followed "enable CORS for a single route", and forgot `app.options`.
const route = cors({ origin: 'https://your-allowed-origin.com' });
app.get('/route/ok', route, ran);
app.put('/route/ok', route, ran);
app.use('/route', api);

// As people have it whose authentication comes first.
const authenticate = (req, res, next) => (req.path === '/private' ? res.status(401).send('log in') : next());
app.use('/late', authenticate, cors({ origin: 'https://your-allowed-origin.com' }), api);

// Ends with the program that started it. Errors are expected, so they are not written.
app.set('env', 'test');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
