// Everything that the page asks of the server stands here.
import { persistently, request, requestKey } from './http.js';
import { follow } from './streams.js';

/** So long a question about something may take; what changes something takes as long as it does. */
const READ_MS = 20_000;

const get = (path, signal) => request('GET', path, undefined, { signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MS)].filter(Boolean)) });
const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));

/** All pages of a list. */
async function all(path, values = {}) {
  const items = [];
  let after = '';
  do {
    const page = await get(`${path}?${query({ ...values, limit: 200, after })}`);
    items.push(...page.data);
    after = page.next;
  } while (after);
  return items;
}

/** So many chats are changed by one request; of more, as many as that one after the other. */
const MOST_AT_ONCE = 500;

async function inParts(ids, change) {
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    await change(ids.slice(from, from + MOST_AT_ONCE));
  }
}

const message = (conversation, id) => `/api/conversations/${conversation}/messages/${id}`;

export const api = {
  account: () => get('/api/account'),
  signIn: (email, password) => request('POST', '/api/account/sign-in', { email, password }),
  signUp: (name, email, password, invitation) => request('POST', '/api/account/sign-up', { name, email, password, invitation }),
  ways: () => get('/api/account/sign-in/ways'),
  signOut: () => request('POST', '/api/account/sign-out'),
  rename: (name) => request('PATCH', '/api/account', { name }),
  signInCode: (code) => request('POST', '/api/account/sign-in/code', { code }),
  passkeyOptions: () => request('POST', '/api/account/sign-in/passkey/options'),
  signInPasskey: (credential) => request('POST', '/api/account/sign-in/passkey', { credential }),
  requestReset: (email) => request('POST', '/api/account/password-reset', { email }),
  resetPassword: (token, password) => request('POST', '/api/account/password-reset/confirm', { token, new_password: password }),
  sendVerification: () => request('POST', '/api/account/email-verification'),
  verifyEmail: (token) => request('POST', '/api/account/email-verification/confirm', { token }),
  changeEmail: (email, password) => request('POST', '/api/account/email', { email, password }),
  agreeToEmail: (token) => request('POST', '/api/account/email/confirm', { token }),
  deleteAccount: (password) => request('POST', '/api/account/delete', { password }),
  quota: () => get('/api/account/quota'),
  instructions: () => get('/api/account/instructions'),
  setInstructions: (instructions) => request('PUT', '/api/account/instructions', { instructions }),
  consent: () => get('/api/account/feedback-consent'),
  setConsent: (consent) => request('PUT', '/api/account/feedback-consent', { consent }),
  accountExport: '/api/account/export',
  changePassword: (oldPassword, newPassword) => request('POST', '/api/account/password', { old_password: oldPassword, new_password: newPassword }),

  security: {
    get: () => get('/api/account/security'),
    enrol: (password) => request('POST', '/api/account/security/totp', { password }),
    confirm: (code) => request('POST', '/api/account/security/totp/confirm', { code }),
    remove: (code, password) => request('POST', '/api/account/security/totp/remove', { code, password }),
    passkeyOptions: (password) => request('POST', '/api/account/security/passkeys/options', { password }),
    addPasskey: (name, credential) => request('POST', '/api/account/security/passkeys', { name, credential }),
    removePasskey: (id, password) => request('POST', `/api/account/security/passkeys/${id}/remove`, { password }),
    endSession: (id) => request('DELETE', `/api/account/security/sessions/${id}`),
    endOthers: () => request('POST', '/api/account/security/sign-out-elsewhere'),
  },

  organisations: {
    list: () => get('/api/organisations'),
    choose: (project) => request('PUT', '/api/organisations/current', { project_id: project }),
    rename: (id, name) => request('PATCH', `/api/organisations/${id}`, { name }),
    members: (id) => get(`/api/organisations/${id}/members`),
    setRole: (id, user, role) => request('PATCH', `/api/organisations/${id}/members/${user}`, { role }),
    remove: (id, user) => request('DELETE', `/api/organisations/${id}/members/${user}`),
    addProject: (id, name) => request('POST', `/api/organisations/${id}/projects`, { name }),
    deleteProject: (id, project) => request('DELETE', `/api/organisations/${id}/projects/${project}`),
    usage: (id) => get(`/api/organisations/${id}/usage`),
    invitations: (id) => get(`/api/organisations/${id}/invitations`),
    invite: (id, email, role) => request('POST', `/api/organisations/${id}/invitations`, { email, role }),
    uninvite: (id, invitation) => request('DELETE', `/api/organisations/${id}/invitations/${invitation}`),
  },
  lookAtInvitation: (token) => request('POST', '/api/invitations/look', { token }),
  acceptInvitation: (token) => request('POST', '/api/invitations/accept', { token }),

  models: () => get('/api/models'),
  /** A page of those that match; folder '' means those that lie in none. */
  conversations: ({ folder, ...values }, signal) => get(`/api/conversations?${query(values)}${folder === undefined ? '' : `&folder=${encodeURIComponent(folder)}`}`, signal),
  allConversations: (values) => all('/api/conversations', values),
  pinned: () => all('/api/conversations', { pinned: true }),
  folder: (name) => all('/api/conversations', { folder: name }),
  folders: () => get('/api/conversations/folders'),
  renameFolder: (name, to) => request('PATCH', '/api/conversations/folders', { name, to }),
  archiveAll: () => request('POST', '/api/conversations/archive'),
  deleteAll: () => request('DELETE', '/api/conversations'),
  conversation: (id) => get(`/api/conversations/${id}`),
  message: (conversation, id) => get(message(conversation, id)),
  messages: (id) => all(`/api/conversations/${id}/messages`),
  createConversation: (start, key, onConnection) => persistently('/api/conversations', start, key, onConnection),
  changeConversation: (id, change) => request('PATCH', `/api/conversations/${id}`, change),
  changeConversations: (ids, change) => inParts(ids, (part) => request('PATCH', '/api/conversations', { ids: part, ...change })),
  deleteConversations: (ids) => inParts(ids, (part) => request('POST', '/api/conversations/delete', { ids: part })),
  ask: (conversation, question, key, onConnection) => persistently(`/api/conversations/${conversation}/messages`, question, key, onConnection),
  regenerate: (conversation, id, settings, onConnection) => persistently(`${message(conversation, id)}/regenerate`, settings, requestKey(), onConnection),
  resume: (conversation, id, onConnection) => persistently(`${message(conversation, id)}/continue`, undefined, undefined, onConnection),
  follow,
  rank: (conversation, ids) => request('PUT', `/api/conversations/${conversation}/rankings`, { message_ids: ids }),
  exportPath: (conversation, format, leaf) => `/api/conversations/${conversation}/export?${query({ format, leaf })}`,
  importFile: (file) => request('POST', '/api/conversations/import', file),
  shares: () => get('/api/shares'),
  share: (conversation, id) => request('POST', `/api/conversations/${conversation}/shares`, { message_id: id }),
  unshare: (id) => request('DELETE', `/api/shares/${id}`),
  shared: (id) => get(`/api/shared/${encodeURIComponent(id)}`),
  assistants: () => get('/api/assistants'),
  saveAssistant: ({ id, ...assistant }) => (id ? request('PUT', `/api/assistants/${id}`, assistant) : request('POST', '/api/assistants', assistant)),
  deleteAssistant: (id) => request('DELETE', `/api/assistants/${id}`),
  stop: (conversation, id, onConnection) => persistently(`${message(conversation, id)}/stop`, undefined, undefined, onConnection),
  feedback: (conversation, id, feedback) => request('PUT', `${message(conversation, id)}/feedback`, feedback),

  complete: (body) => request('POST', '/api/chat/completions', body),
  usage: () => get('/api/usage'),
  keys: () => get('/api/keys'),
  createKey: (name) => request('POST', '/api/keys', { name }),
  revokeKey: (id) => request('DELETE', `/api/keys/${id}`),

  billing: {
    overview: () => get('/api/billing'),
    choose: (plan, payFrom) => request('POST', '/api/billing/plan', { plan, pay_from: payFrom }),
    cancel: () => request('POST', '/api/billing/cancel'),
    resume: () => request('POST', '/api/billing/resume'),
    topUp: (amount) => request('POST', '/api/billing/top-ups', { amount }),
    redeem: (code) => request('POST', '/api/billing/vouchers', { code }),
    caps: () => get('/api/billing/caps'),
    setCap: (cap) => request('PUT', '/api/billing/caps', cap),
    setLowBalance: (amount) => request('PUT', '/api/billing/low-balance', { amount }),
    payments: () => get('/api/billing/payments'),
    payment: (id) => get(`/api/billing/payments/${id}`),
    testOutcome: (id, outcome) => request('POST', `/api/billing/payments/${id}/test`, { outcome }),
    statements: () => get('/api/billing/statements'),
    statement: (id) => get(`/api/billing/statements/${id}`),
    statementCsv: (id) => `/api/billing/statements/${id}/csv`,
    notices: () => get('/api/billing/notices'),
    read: (id) => request('POST', `/api/billing/notices/${id}/read`),
  },

  admin: {
    deployments: () => get('/api/admin/deployments'),
    deploy: (what) => request('POST', '/api/admin/deployments', what),
    rollBack: () => request('POST', '/api/admin/deployments/rollback'),
    vouchers: (values) => get(`/api/admin/vouchers?${query(values)}`),
    makeVouchers: (order) => request('POST', '/api/admin/vouchers', order),
    revokeVouchers: (id) => request('DELETE', `/api/admin/vouchers/${id}`),
    payments: (values) => get(`/api/admin/payments?${query(values)}`),
    refund: (id, refund) => request('POST', `/api/admin/payments/${id}/refunds`, refund),
    subscriptions: (values) => get(`/api/admin/subscriptions?${query(values)}`),
    statements: (values) => get(`/api/admin/statements?${query(values)}`),
    statement: (id) => get(`/api/admin/statements/${id}`),
    statementCsv: (id) => `/api/admin/statements/${id}/csv`,
    status: () => get('/api/admin/status'),
    health: () => get('/api/admin/health'),
    stop: (stopped) => request('PUT', '/api/admin/stop', { stopped }),
    plans: () => get('/api/admin/plans'),
    changePlan: (id, change) => request('PATCH', `/api/admin/plans/${id}`, change),
    settings: () => get('/api/admin/settings'),
    setSettings: (settings) => request('PUT', '/api/admin/settings', settings),
    feedback: (values) => get(`/api/admin/feedback?${query(values)}`),
    feedbackExport: (kind) => `/api/feedback/export?kind=${kind}`,
    changeUser: (id, change) => request('PATCH', `/api/admin/users/${id}`, change),
    changeModel: (id, change) => request('PATCH', `/api/admin/models/${id}`, change),
    createModel: (model) => request('POST', '/api/admin/models', model),
    upstreams: () => get('/api/admin/upstreams'),
    createUpstream: (upstream) => request('POST', '/api/admin/upstreams', upstream),
    changeUpstream: (id, change) => request('PATCH', `/api/admin/upstreams/${id}`, change),
    deleteUpstream: (id) => request('DELETE', `/api/admin/upstreams/${id}`),
    moderation: {
      items: (values) => get(`/api/admin/moderation/items?${query(values)}`),
      decide: (id, decision) => request('PATCH', `/api/admin/moderation/items/${id}`, { decision }),
      accounts: (values) => get(`/api/admin/moderation/accounts?${query(values)}`),
      reset: (id) => request('POST', `/api/admin/moderation/accounts/${id}/reset`),
      policies: () => get('/api/admin/moderation/policies'),
      setPolicy: (policy) => request('PATCH', '/api/admin/moderation/policies', policy),
      words: (values) => get(`/api/admin/moderation/words?${query(values)}`),
      addWord: (word) => request('POST', '/api/admin/moderation/words', word),
      removeWord: (id) => request('DELETE', `/api/admin/moderation/words/${id}`),
    },
    users: (values) => get(`/api/admin/users?${query(values)}`),
    invitations: () => get('/api/admin/invitations'),
    invite: (email, role) => request('POST', '/api/admin/invitations', { email, role }),
    uninvite: (id) => request('DELETE', `/api/admin/invitations/${id}`),
    models: () => get('/api/admin/models'),
    audit: (values) => get(`/api/admin/audit?${query(values)}`),
    queues: () => get('/api/admin/labelling/queues'),
    createQueue: (queue) => request('POST', '/api/admin/labelling/queues', queue),
    setMembers: (id, emails) => request('PUT', `/api/admin/labelling/queues/${id}/members`, { emails }),
    addTasks: (id, tasks) => request('POST', `/api/admin/labelling/queues/${id}/tasks`, { tasks }),
    disputes: (id) => get(`/api/admin/labelling/queues/${id}/disputes`),
    decide: (id, label) => request('PUT', `/api/admin/labelling/tasks/${id}/verdict`, label),
    labelExport: (id) => `/api/admin/labelling/queues/${id}/export`,
  },

  labelling: {
    queues: () => get('/api/labelling/queues'),
    next: (id) => request('POST', `/api/labelling/queues/${id}/next`),
    put: (id, label) => request('PUT', `/api/labelling/tasks/${id}`, label),
  },

  fineTuning: {
    models: () => get('/api/fine_tuning/models'),
    jobs: () => get('/api/fine_tuning/jobs?limit=50'),
    create: (job) => request('POST', '/api/fine_tuning/jobs', job),
    act: (id, act) => request('POST', `/api/fine_tuning/jobs/${id}/${act}`),
    events: (id) => get(`/api/fine_tuning/jobs/${id}/events?limit=100`),
    metrics: (id) => get(`/api/fine_tuning/jobs/${id}/metrics`),
    samples: (id) => get(`/api/fine_tuning/jobs/${id}/samples`),
  },

  batches: {
    list: (after) => get(`/api/batches?${query({ limit: 20, after })}`),
    create: (batch) => request('POST', '/api/batches', batch),
    cancel: (id) => request('POST', `/api/batches/${id}/cancel`),
  },
  upload: (purpose, file) => {
    const form = new FormData();
    form.append('purpose', purpose);
    form.append('file', file);
    return request('POST', '/api/files', form);
  },
  fileContent: (id) => `/api/files/${id}/content`,

  studio: {
    runs: () => get('/api/studio/runs'),
    metrics: (run) => get(`/api/studio/metrics?${query({ run })}`),
    samples: (run) => get(`/api/studio/samples?${query({ run })}`),
  },
};
