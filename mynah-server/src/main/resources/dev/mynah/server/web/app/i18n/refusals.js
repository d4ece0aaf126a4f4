// What the server's refusals mean, by their codes, in the languages that it does not speak.
const REFUSALS = {
  zh: {
    wrong_credentials: '邮箱或密码不正确。',
    email_taken: '这个邮箱已经注册。',
    too_many_attempts: '尝试次数过多，请稍后再试。',
    rate_limit_exceeded: '已达到套餐的用量上限，请稍后再试。',
    insufficient_quota: '余额不足。',
    service_stopped: '服务已暂停，目前不接受新的请求。',
    generation_suspended: '由于多次违规，此账户暂时不能生成内容。',
    engine_busy: '现在请求太多，请稍后再试。',
    upstream_unavailable: '模型所在的服务没有响应，请稍后再试。',
    context_length_exceeded: '内容超出了模型的上下文长度，请缩短后再试。',
    model_not_found: '没有这个模型，或已停用。',
    not_found: '没有找到。',
    already_exists: '已经存在。',
    running: '回答还在生成中。',
    request_too_large: '内容太大。',
    server_error: '服务器出了点问题，请稍后再试。',
  },
};

/** The words for a refusal, or nothing where the server's own are to be shown. */
export const refusal = (language, code) => REFUSALS[language]?.[code];
